import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the program does around Python. What Python does is tested there: python/tests/exchange, and with Spark in
/// python/tests/spark_exchange.
@Suite struct `Models of Spark` {
  private static let export = ["export", "--model", "model", "--to", "spark", "--output", "als"]
  private static let `import` = ["import", "--from", "spark", "als", "--model", "copy"]

  /// Runs with a script in place of Python. It has the arguments behind `-m gpuals.exchange COMMAND [--number-ids] --` as $1 and $2.
  private func run(
    _ arguments: [String], python script: String, in workspace: Workspace, environment: [String: String] = [:]
  ) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(
      arguments, in: workspace, environment: try python(script, in: workspace).merging(environment) { $1 })
  }

  private func python(_ script: String, in workspace: Workspace) throws -> [String: String] {
    try workspace.makeProgram(
      "python",
      "#!/bin/sh\necho \"$@\" > arguments.txt\nwhile [ \"$1\" != -- ]; do shift; done\nshift\n\(script)\n")
    return ["GPUALS_PYTHON": workspace.file("python")]
  }

  /// What Python unpacks a model into, made of a model of ours.
  private static let unpacked = """
    cp model/users.txt model/items.txt model/user_factors.npy model/item_factors.npy "$2"
    echo '{"rank": 3, "users": 12, "items": 9, "spark_version": "4.0.1", "restored_ids": false}' > "$2/spark.json"
    """

  @Test func `Python is asked for the export with the paths as they are given`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(Self.export, python: "mkdir \"$2\"", in: workspace)
    #expect(outcome.status == 0 && outcome.output.isEmpty && workspace.exists("als"), "\(outcome.errors)")
    #expect(outcome.errors.contains("wrote 12 users and 9 items of rank 3 to als"))
    #expect(try workspace.read("arguments.txt") == "-m gpuals.exchange export-spark -- model als\n")
    let numbered = try run(Self.export + ["--number-ids"], python: "", in: workspace)
    #expect(numbered.status == 0 && numbered.errors.contains("user_ids.csv"), "\(numbered.errors)")
    #expect(try workspace.read("arguments.txt") == "-m gpuals.exchange export-spark --number-ids -- model als\n")
  }

  @Test func `what Python says and ends with is told and ended with`() throws {
    let workspace = try SampleWorkspace.trained()
    for arguments in [Self.export, Self.import] {
      for status: Int32 in [64, 65, 66, 69, 73, 74] {
        let outcome = try run(
          arguments, python: "echo noise >&2; echo 'als: «it» is wrong' >&2; exit \(status)", in: workspace)
        #expect(outcome.status == status)
        #expect(outcome.errors == "gpuals: error: als: «it» is wrong\n", "\(outcome.errors)")
      }
      let unknown = try run(arguments, python: "echo 'ValueError: odd' >&2; exit 1", in: workspace)
      #expect(
        unknown.status == 70 && unknown.errors.contains("ValueError: odd (a fault of gpuals"), "\(unknown.errors)")
      let killed = try run(arguments, python: "kill -9 $$", in: workspace)
      #expect(killed.status == 70 && killed.errors.contains("signal 9: the system may have been out of memory"))
      #expect(!workspace.exists("copy"))
    }
  }

  @Test func `without Python, the package or pyarrow it says what to install`() throws {
    let workspace = try SampleWorkspace.trained()
    for arguments in [Self.export, Self.import] {
      let none = try GPUALSProgram.run(arguments, in: workspace, environment: ["GPUALS_PYTHON": "/nowhere/python3"])
      let package = try run(
        arguments, python: "echo \"python3: No module named gpuals\" >&2; exit 1", in: workspace)
      for outcome in [none, package] {
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("python3 -m pip install './python[parquet]'"), "\(outcome.errors)")
        #expect(outcome.errors.contains("GPUALS_PYTHON names another Python"), "\(outcome.errors)")
      }
      #expect(none.errors.contains("/nowhere/python3"))
      #expect(package.errors.contains("No module named gpuals"))
    }
  }

  @Test func `biases do not go to Spark, and Python is not asked`() throws {
    let workspace = try SampleWorkspace.trained(["--biases"])
    let outcome = try run(Self.export, python: "", in: workspace)
    #expect(outcome.status == 64 && outcome.errors.contains("it has biases"), "\(outcome.errors)")
    #expect(!workspace.exists("arguments.txt"))
  }

  @Test func `options and places that do not belong are refused`() throws {
    let workspace = try SampleWorkspace.trained()
    let implicit = ["import", "--from", "implicit", "out.npz", "--model", "copy"]
    for (arguments, words) in [
      (["export", "--model", "model", "--to", "implicit", "--output", "a.npz", "--number-ids"], "--to spark"),
      (Self.import + ["--users", "model/users.txt"], "ids of their own"),
      (implicit + ["--regularization", "1"], "belong to --from spark"),
      (Self.import + ["--alpha", "2"], "--implicit"),
      (Self.import + ["--regularization", "-1"], "--regularization is -1"),
      (Self.import.map { $0 == "als" ? "hdfs://name/als" : $0 }, "hdfs dfs -get"),
      (Self.import.map { $0 == "als" ? "s3a://bucket/als" : $0 }, "write s3:// in place of s3a://"),
      (Self.export.map { $0 == "als" ? "hdfs://name/als" : $0 }, "hdfs dfs"),
    ] {
      let outcome = try run(arguments, python: Self.unpacked, in: workspace)
      #expect(
        outcome.status == 64 && outcome.errors.contains(words), "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(!workspace.exists("copy"))
    }
  }

  @Test func `an imported model recommends, explains and is updated`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(
      Self.import + ["--ratings", "ratings.tsv", "--item-names", "names.tsv", "--regularization", "0.1"],
      python: Self.unpacked, in: workspace)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(!outcome.errors.contains("keeps no settings"))
    for name in ["user_factors.npy", "item_factors.npy", "users.txt", "items.txt", "ratings.npz"] {
      #expect(try workspace.readBytes("copy/\(name)") == workspace.readBytes("model/\(name)"), "\(name)")
    }
    let json = try JSONValue(parsing: workspace.read("copy/model.json"))
    #expect(json["device"] == .text("spark 4.0.1 (imported)"))
    #expect(json["parameters"]?["regularization_exponent"] == .number(1))
    for arguments in [
      ["recommend", "--all"], ["similar", "--item", "101"], ["explain", "--user", "1", "--item", "104"],
    ] {
      let original = try GPUALSProgram.run(arguments + ["--model", "model"], in: workspace)
      let copy = try GPUALSProgram.run(arguments + ["--model", "copy"], in: workspace)
      #expect(copy.status == 0 && !copy.output.isEmpty, "\(arguments): \(copy.errors)")
      // Names were given with the copy alone.
      if arguments[0] == "explain" { continue }
      #expect(copy.output.split(separator: "\n").count == original.output.split(separator: "\n").count)
    }
    try workspace.write("1\t999\t4\nnew\t101\t5\n", to: "changes.tsv")
    let update = try GPUALSProgram.run(
      ["update", "changes.tsv", "--model", "copy", "--device", "reference"], in: workspace)
    #expect(update.status == 0, "\(update.errors)")
  }

  @Test func `what Spark does not keep is taken from the options, and told where it is not given`() throws {
    let workspace = try SampleWorkspace.trained()
    let plain = try run(Self.import, python: Self.unpacked, in: workspace)
    #expect(plain.status == 0 && plain.errors.contains("λ 0.1 is taken"), "\(plain.errors)")
    #expect(plain.errors.contains("without --ratings"), "\(plain.errors)")
    let given = try run(
      Self.import + ["--regularization", "0.3", "--implicit", "--alpha", "40", "--nonnegative"], python: Self.unpacked,
      in: workspace)
    #expect(given.status == 0, "\(given.errors)")
    let parameters = try #require(try JSONValue(parsing: workspace.read("copy/model.json"))["parameters"])
    #expect(parameters["regularization"] == .number(0.3) && parameters["alpha"] == .number(40))
    #expect(parameters["feedback"] == .text("implicit") && parameters["nonnegative"] == .bool(true))
  }

  @Test func `ratings of others are refused, and equal pairs of the right ones are kept apart`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("901\t1\t5\n902\t2\t3\n", to: "others.tsv")
    let others = try run(Self.import + ["--ratings", "others.tsv"], python: Self.unpacked, in: workspace)
    #expect(others.status == 65 && others.errors.contains("in none of its 2 ratings"), "\(others.errors)")
    #expect(!workspace.exists("copy"))
    try workspace.write(SampleWorkspace.ratings + "1\t109\t5\n901\t109\t5\n", to: "more.tsv")
    let more = try run(Self.import + ["--ratings", "more.tsv"], python: Self.unpacked, in: workspace)
    #expect(more.status == 0 && more.errors.contains("1 rating of users or items"), "\(more.errors)")
    let rows = SampleWorkspace.ratings.split(separator: "\n").count
    #expect(try JSONValue(parsing: workspace.read("copy/model.json"))["ratings"] == .number(Double(rows + 1)))
  }

  @Test func `parts that are no model together are refused`() throws {
    let workspace = try SampleWorkspace.trained()
    for (script, words) in [
      (Self.unpacked + "\nhead -n 5 model/users.txt > \"$2/users.txt\"", "als"),
      (Self.unpacked + "\necho '{}' > \"$2/spark.json\"", "its record cannot be read"),
      (Self.unpacked + "\nsed -i 's/\"rank\": 3/\"rank\": 4/' \"$2/spark.json\"", "als"),
      (Self.unpacked + "\nsed -i 's/12/0/' \"$2/spark.json\"", "0 users"),
    ] {
      let outcome = try run(Self.import, python: script, in: workspace)
      #expect(outcome.status == 65 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!outcome.errors.contains("/gpuals-"), "\(outcome.errors)")
      #expect(!workspace.exists("copy"))
    }
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func `a signal is passed on to Python, and nothing is written`(signal: Int32, status: Int32) throws {
    let workspace = try SampleWorkspace.trained()
    let environment = try python(
      "trap 'echo cleaned > cleaned; exit 143' TERM\necho started > started\nwhile :; do sleep 0.02; done",
      in: workspace)
    let running = try GPUALSProgram.start(Self.export, in: workspace, environment: environment)
    for _ in 0..<3000 where !workspace.exists("started") { usleep(10_000) }
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains("interrupted: nothing was written to als"), "\(outcome.errors)")
    #expect(workspace.exists("cleaned") && !workspace.exists("als"))
  }
}
