import Testing

@Suite struct `Training from Spark's start` {
  /// A workspace with the ratings and options of a run of Spark, those of Tests/Fixtures/spark.
  private func workspace(of fixture: String) throws -> (Workspace, [String]) {
    let workspace = try Workspace()
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/spark/\(fixture)"
    for name in ["ratings.csv", "users.csv", "items.csv"] {
      try workspace.write(RepositoryFile.read("\(folder)/\(name)"), to: name)
    }
    let arguments = String(decoding: try RepositoryFile.read("\(folder)/arguments.txt"), as: UTF8.self)
    return (
      workspace,
      ["train", "ratings.csv", "--model", "model", "--device", "reference", "--quiet"]
        + arguments.split { $0 == " " || $0 == "\n" }.map(String.init)
    )
  }

  /// The largest difference of the model's factors from Spark's, in units of the largest of those.
  private func difference(_ side: String, in workspace: Workspace) throws -> Float {
    let ids = try workspace.read("model/\(side)s.txt").split(separator: "\n")
    let bytes = try workspace.readBytes("model/\(side)_factors.npy").dropFirst(128)
    let lines = try workspace.read("\(side)s.csv").split(separator: "\n").map { $0.split(separator: ",") }
    let expected = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1...].map { Float($0)! }) })
    let rank = lines[0].count - 1
    #expect(bytes.count == ids.count * rank * 4 && ids.count == lines.count)
    let found = bytes.withUnsafeBytes { bytes in
      (0..<ids.count * rank).map { Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }
    var largest: Float = 0
    var worst: Float = 0
    for (row, id) in ids.enumerated() {
      for (k, value) in try #require(expected[id]).enumerated() {
        largest = max(largest, value.magnitude)
        worst = max(worst, (found[row * rank + k] - value).magnitude)
      }
    }
    return worst / largest
  }

  @Test(arguments: ["explicit-duplicates", "implicit-signed", "nonnegative-implicit"])
  func `the same options, ratings and seed give the factors of Spark`(fixture: String) throws {
    let (workspace, train) = try workspace(of: fixture)
    let outcome = try GPUALSProgram.run(train, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try difference("user", in: workspace) < 1e-5)
    #expect(try difference("item", in: workspace) < 1e-5)
  }

  private static let spark = ["--initialization", "spark", "--user-blocks", "3"]

  @Test func `it is kept with the model, and a run in two parts gives the bytes of one`() throws {
    let whole = try SampleWorkspace.trained(Self.spark + ["--iterations", "6"])
    let parameters = try #require(try JSONValue(parsing: whole.read("model/model.json"))["parameters"])
    #expect(parameters["initialization"] == .text("spark"))
    #expect(parameters["user_blocks"] == .number(3))
    let parts = try SampleWorkspace.trained(Self.spark + ["--iterations", "2"])
    for (options, words) in [
      ([], "--initialization spark, not gaussian"),
      (["--initialization", "spark"], "--user-blocks 3, not 10"),
    ] {
      let other = try GPUALSProgram.run(
        SampleWorkspace.train + options + ["--iterations", "6", "--resume"], in: parts)
      #expect(other.status == 65 && other.errors.contains(words), "\(other.errors)")
    }
    let second = try GPUALSProgram.run(
      SampleWorkspace.train + Self.spark + ["--iterations", "6", "--resume"], in: parts)
    #expect(second.status == 0, "\(second.errors)")
    for file in ["model/user_factors.npy", "model/item_factors.npy"] {
      #expect(try whole.readBytes(file) == parts.readBytes(file))
    }
    try whole.write("1\t999\t4\n77\t101\t5\n", to: "changes.tsv")
    let update = try GPUALSProgram.run(
      ["update", "changes.tsv", "--model", "model", "--device", "reference"], in: whole)
    #expect(update.status == 0, "\(update.errors)")
    let kept = try #require(try JSONValue(parsing: whole.read("model/model.json"))["parameters"])
    #expect(kept["initialization"] == .text("spark") && kept["user_blocks"] == .number(3))
  }

  @Test func `models of before go by the Gaussian start`() throws {
    let workspace = try SampleWorkspace.trained()
    let json = try workspace.read("model/model.json")
    let lines = json.split(separator: "\n").filter { !$0.contains("\"initialization\"") }
    #expect(lines.count == json.split(separator: "\n").count - 1)
    try workspace.write(lines.joined(separator: "\n"), to: "model/model.json")
    let resumed = try GPUALSProgram.run(SampleWorkspace.train + ["--iterations", "9", "--resume"], in: workspace)
    #expect(resumed.status == 0, "\(resumed.errors)")
    try workspace.write(json.replacing("\"gaussian\"", with: "\"astral\""), to: "model/model.json")
    let unknown = try GPUALSProgram.run(["recommend", "--model", "model", "--all"], in: workspace)
    #expect(unknown.status == 65 && unknown.errors.contains("gaussian or spark"), "\(unknown.errors)")
  }

  @Test func `a seed with a sign stands for the same bits without`() throws {
    var models: [[UInt8]] = []
    for seed in ["-5", "18446744073709551611", "5"] {
      let (workspace, train) = try workspace(of: "explicit")
      let outcome = try GPUALSProgram.run(train + ["--seed", seed], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      models.append(try workspace.readBytes("model/user_factors.npy"))
    }
    #expect(models[0] == models[1] && models[0] != models[2])
    let (workspace, train) = try workspace(of: "explicit")
    let refused = try GPUALSProgram.run(train + ["--seed", "1.5"], in: workspace)
    #expect(refused.status == 64 && refused.errors.contains("--seed is '1.5'"), "\(refused.errors)")
  }

  @Test func `what contradicts it is refused`() throws {
    let workspace = try SampleWorkspace.make()
    try workspace.write(SampleWorkspace.ratings + "anna\t101\t3\n", to: "texts.tsv")
    try workspace.write(SampleWorkspace.ratings + "3000000000\t101\t3\n", to: "large.tsv")
    for (file, options, status, words) in [
      ("ratings.tsv", ["--user-blocks", "3"], 64, "belongs to --initialization spark"),
      ("ratings.tsv", Self.spark + ["--first", "users"], 64, "must be items with --initialization spark"),
      ("ratings.tsv", Self.spark + ["--initial-norm", "0.1"], 64, "must be 1 with --initialization spark"),
      ("ratings.tsv", ["--initialization", "spark", "--user-blocks", "0"], 64, "--user-blocks is 0"),
      ("ratings.tsv", ["--initialization", "astral"], 64, "astral"),
      ("texts.tsv", Self.spark, 65, "\"anna\" is none"),
      ("large.tsv", Self.spark, 65, "\"3000000000\" is none"),
    ] as [(String, [String], Int32, String)] {
      let outcome = try GPUALSProgram.run(
        SampleWorkspace.train.map { $0 == "ratings.tsv" ? file : $0 } + options, in: workspace)
      #expect(outcome.status == status && outcome.errors.contains(words), "\(options): \(outcome.errors)")
      #expect(!workspace.exists("model"))
    }
  }

  @Test func `tune and --from know it`() throws {
    let workspace = try SampleWorkspace.trained(Self.spark)
    let tune = try GPUALSProgram.run(
      [
        "tune", "ratings.tsv", "--model", "best", "--device", "reference", "--rank", "2,3", "--folds", "2", "--quiet",
      ] + Self.spark, in: workspace)
    #expect(tune.status == 0, "\(tune.errors)")
    let parameters = try #require(try JSONValue(parsing: workspace.read("best/model.json"))["parameters"])
    #expect(parameters["initialization"] == .text("spark"))
    try workspace.write(SampleWorkspace.ratings + "99\t101\t3\n", to: "more.tsv")
    let warm = try GPUALSProgram.run(
      SampleWorkspace.train.map { $0 == "ratings.tsv" ? "more.tsv" : $0 == "model" ? "warm" : $0 } + Self.spark
        + ["--from", "model"], in: workspace)
    #expect(warm.status == 0, "\(warm.errors)")
  }
}
