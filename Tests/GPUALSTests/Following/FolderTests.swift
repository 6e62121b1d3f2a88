import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `Following a folder of changes` {
  private static let update = ["update", "--device", "reference", "--changes", "dms/shop/ratings"]

  private func update(_ model: String, _ more: [String] = [], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(Self.update + ["--model", model] + more, in: workspace)
  }

  /// Models of the sample, and what all changes make of one.
  private func workspace(_ models: [String]) throws -> (Workspace, wanted: [String: [UInt8]]) {
    let workspace = try SampleWorkspace.trained()
    for model in models + ["wanted"] { try workspace.copyDirectory("model", to: model) }
    try workspace.write(DMSFolder.net, to: "net.tsv")
    let outcome = try GPUALSProgram.run(
      ["update", "net.tsv", "--model", "wanted", "--device", "reference"], in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    return (workspace, try DMSFolder.bytes(of: "wanted", in: workspace))
  }

  @Test func `at once, one by one, twice or late, the same model comes out`() throws {
    let (workspace, wanted) = try workspace(["atonce", "onebyone", "late"])
    let trained = try DMSFolder.bytes(of: "model", in: workspace)
    for number in DMSFolder.names.indices {
      try DMSFolder.write([number], in: workspace)
      let outcome = try update("onebyone", in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let bytes = try DMSFolder.bytes(of: "onebyone", in: workspace)
      // The full load is what the model was trained on.
      #expect((bytes == trained) == (number == 0), "\(DMSFolder.names[number])")
    }
    #expect(try DMSFolder.bytes(of: "onebyone", in: workspace) == wanted)
    #expect(try update("atonce", ["--publish-every", "0"], in: workspace).status == 0)
    #expect(try DMSFolder.bytes(of: "atonce", in: workspace) == wanted)
    let again = try update("atonce", in: workspace)
    #expect(again.status == 0 && again.errors.contains("has all changes"), "\(again.errors)")

    workspace.remove("dms")
    try DMSFolder.write([3, 0, 1], in: workspace)
    #expect(try update("late", in: workspace).status == 0)
    #expect(try DMSFolder.bytes(of: "late", in: workspace) != wanted)
    try DMSFolder.write([2], in: workspace)
    let late = try update("late", in: workspace)
    #expect(late.status == 0 && late.errors.contains("has come late"), "\(late.errors)")
    #expect(try DMSFolder.bytes(of: "late", in: workspace) == wanted)
    let record = try JSONValue(parsing: workspace.read("late/model.json"))
    #expect(record["updates"]?["trained"] == .number(84) && record["updates"]?["changes"] == .number(5))
    let applied = try workspace.read("late/applied_files.jsonl").split(separator: "\n").map {
      try JSONValue(parsing: String($0))
    }
    #expect(applied.map { $0["rows"] } == [4, 4, 4, 84].map { JSONValue.number($0) }, "in the order of their names")
  }

  @Test func `a model that is trained on the folder has its files`() throws {
    let workspace = try Workspace()
    try DMSFolder.write([0, 1, 2], in: workspace)
    let train = try GPUALSProgram.run(
      ["train", "dms/shop/ratings", "--model", "model", "--device", "reference", "--rank", "3", "--quiet"],
      in: workspace)
    #expect(train.status == 0, "\(train.errors)")
    let nothing = try update("model", in: workspace)
    #expect(nothing.status == 0 && nothing.errors.contains("has all changes"), "\(nothing.errors)")
    try DMSFolder.write([3], in: workspace)
    let outcome = try update("model", ["--json"], in: workspace)
    #expect(outcome.errors.contains("1 of 1 file"), "\(outcome.errors)")
    #expect(try JSONValue(parsing: outcome.output)["deleted"] == .number(1))
  }

  @Test func `one change of something new is no more than that`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("1\tunheard\t5\n", to: "one.tsv")
    let outcome = try GPUALSProgram.run(
      ["update", "one.tsv", "--model", "model", "--device", "reference", "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let summary = try JSONValue(parsing: outcome.output)
    #expect(
      summary["added"] == .number(1) && summary["rmse_of_changes"] == nil, "nothing is known of it: \(outcome.output)")
  }

  @Test func `of two updates at once the later one is refused`() throws {
    let workspace = try SampleWorkspace.trained()
    try DMSFolder.write([0], in: workspace)
    let follower = try GPUALSProgram.start(
      Self.update + ["--model", "model", "--poll", "0.1", "--publish-every", "0"], in: workspace)
    try follower.waitForErrors(containing: "1 of 1 file")
    #expect(try GPUALSProgram.run(SampleWorkspace.train + ["--seed", "5"], in: workspace).status == 0)
    let trained = try DMSFolder.bytes(of: "model", in: workspace)
    try DMSFolder.write([1], in: workspace)
    let outcome = try follower.wait()
    #expect(outcome.status == 73 && outcome.errors.contains("replaced by another run"), "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "model", in: workspace) == trained)
  }

  @Test func `a run that is killed is gone on with`() throws {
    let (workspace, _) = try workspace(["killed", "whole"])
    // Each file builds on the one before.
    for number in 0..<60 {
      let rows = (1...12).map {
        "U,\($0),109,\((number + $0) % 5 + 1)\nI,new\(number % 7),10\($0 % 8 + 1),\(number % 5 + 1)\n"
      }
      let name = "20261127-10\(number < 10 ? "0" : "")\(number)00000.csv"
      try workspace.write(rows.joined() + "D,new\((number + 3) % 7),101,1\n", to: "dms/shop/ratings/\(name)")
    }
    #expect(try update("whole", in: workspace).status == 0)
    for file in 1...3 {
      let running = try GPUALSProgram.start(
        Self.update + ["--model", "killed", "--publish-every", "0"], in: workspace)
      try running.waitForErrors(containing: "\n\(file * 3) of ")
      running.send(SIGKILL)
      #expect(try running.wait().status == 128 + SIGKILL)
    }
    let outcome = try update("killed", ["--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "killed", in: workspace) == DMSFolder.bytes(of: "whole", in: workspace))
    let applied = try workspace.read("killed/applied_files.jsonl").split(separator: "\n")
    #expect(applied.count == 60)
  }

  @Test func `a signal ends it well, and another run goes on`() throws {
    let (workspace, wanted) = try workspace(["polled"])
    try DMSFolder.write([0, 1], in: workspace)
    let running = try GPUALSProgram.start(
      Self.update + ["--model", "polled", "--poll", "0.1", "--publish-every", "0"], in: workspace)
    try running.waitForErrors(containing: "2 of 2 files")
    try DMSFolder.write([2], in: workspace)
    try running.waitForErrors(containing: "1 of 1 file")
    running.send(SIGTERM)
    let outcome = try running.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    try DMSFolder.write([3], in: workspace)
    #expect(try update("polled", in: workspace).status == 0)
    #expect(try DMSFolder.bytes(of: "polled", in: workspace) == wanted)
  }

  @Test func `a file that has become another is applied anew with all that follow`() throws {
    let (workspace, wanted) = try workspace(["mended"])
    try DMSFolder.write([0, 1, 2, 3], in: workspace)
    try workspace.write("I,nina,105,5\nU,1,109,1\n", to: "dms/shop/ratings/\(DMSFolder.names[1])")
    #expect(try update("mended", in: workspace).status == 0)
    try DMSFolder.write([1], in: workspace)
    let outcome = try update("mended", in: workspace)
    #expect(outcome.status == 0 && outcome.errors.contains("late or has changed"), "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "mended", in: workspace) == wanted)
  }

  @Test func `what cannot be put in its order is refused`() throws {
    let (workspace, _) = try workspace(["late"])
    try DMSFolder.write([0, 1, 3], in: workspace)
    #expect(try update("late", in: workspace).status == 0)
    let before = try DMSFolder.bytes(of: "late", in: workspace)
    workspace.remove("dms/shop/ratings/\(DMSFolder.names[3])")
    let nothing = try update("late", in: workspace)
    #expect(nothing.status == 0, "files that are applied may go: \(nothing.errors)")
    try DMSFolder.write([2], in: workspace)
    let outcome = try update("late", in: workspace)
    #expect(outcome.status == 65 && outcome.errors.contains(DMSFolder.names[3]), "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "late", in: workspace) == before)
  }

  @Test(arguments: [
    ("X,1,101,5\n", Int32(65), "20261127-100000000.csv:1"), ("I,1,101,five\n", 65, "20261127-100000000.csv:1"),
    ("I,1\n", 65, "20261127-100000000.csv:1"),
  ])
  func `a malformed file changes nothing`(_ content: String, _ status: Int32, _ says: String) throws {
    let workspace = try SampleWorkspace.trained()
    let before = try workspace.readBytes("model/model.json")
    try DMSFolder.write([0], in: workspace)
    try workspace.write(content + "I,2,101,5\n", to: "dms/shop/ratings/\(DMSFolder.names[1])")
    let outcome = try update("model", ["--format", "dms-csv"], in: workspace)
    #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
    #expect(try workspace.readBytes("model/model.json") == before)
  }

  @Test(arguments: [
    (["--changes", "dms", "net.tsv"], "choose one"), (["--changes", "dms", "--sequence", "3"], "numbers a batch"),
    (["--changes", "dms", "--kinesis", "s"], "choose one"), (["net.tsv", "--poll", "3"], "--poll"),
    (["--changes", "dms", "--publish-every", "soon"], "no length of time"), (["--changes", "-"], "'-'"),
    (["--changes", "dms", "--output", "other"], "--output"),
  ])
  func `ways that exclude each other are refused`(_ arguments: [String], _ says: String) throws {
    let workspace = try Workspace()
    let outcome = try GPUALSProgram.run(["update", "--model", "model"] + arguments, in: workspace)
    #expect(outcome.status == 64 && outcome.errors.contains(says), "\(outcome.errors)")
  }
}
