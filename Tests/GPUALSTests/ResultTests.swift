import Testing

@Suite struct `Results from a model` {
  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  private func run(_ arguments: [String], in workspace: Workspace, input: String = "") throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(arguments + ["--model", "model"], in: workspace, input: input)
  }

  /// The items that the sample's user has rated.
  private func rated(by user: Int) -> Set<String> {
    Set(
      lines(SampleWorkspace.ratings).map { $0.split(separator: "\t").map(String.init) }
        .filter { $0[0] == "\(user)" }.map { $0[1] })
  }

  // MARK: recommend

  @Test func `recommendations leave out what the user has rated`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(["recommend", "--all", "-n", "9"], in: workspace)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let rows = lines(outcome.output).map { $0.split(separator: ",").map(String.init) }
    #expect(rows.first == ["user", "rank", "item", "score"])
    for user in 1...12 {
      let items = rows.filter { $0[0] == "\(user)" }.map { $0[2] }
      #expect(Set(items).isDisjoint(with: rated(by: user)))
      #expect(items.count == 9 - rated(by: user).count)
    }
    #expect(rows.dropFirst().map { $0[0] } == rows.dropFirst().map { $0[0] }.sorted { Int($0)! < Int($1)! })
  }

  @Test(arguments: ["cpu", "gpu"]) func `a device finds the lists that the host finds`(family: String) throws {
    guard try GPUALSProgram.run(["devices"], in: Workspace()).status == 0 else { return }
    let workspace = try SampleWorkspace.trained()
    let host = try run(["recommend", "--all", "-n", "3", "--device", "reference"], in: workspace)
    let device = try run(
      ["recommend", "--all", "-n", "3", "--device", "0", "--kernel-family", family], in: workspace)
    #expect(host.status == 0 && device.status == 0 && device.errors.isEmpty, "\(device.errors)")
    #expect(lines(host.output).count > 12)
    #expect(device.output == host.output)
    // A list too long for the device.
    let long = try run(["recommend", "--all", "-n", "2000", "--device", "0"], in: workspace)
    #expect(long.status == 0 && long.errors.contains("without the device"), "\(long.errors)")
  }

  @Test func `recommendations can include what the user has rated`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(["recommend", "--user", "1", "7", "-n", "9", "--include-seen"], in: workspace)
    #expect(outcome.status == 0)
    #expect(lines(outcome.output).count == 1 + 2 * 9)
    let best = lines(outcome.output).dropFirst().filter { $0.hasPrefix("7,") }.prefix(3)
    #expect(best.allSatisfy { ["105", "106", "107", "108"].contains($0.split(separator: ",")[2]) }, "\(best)")
  }

  @Test func `scores below a limit are left out`() throws {
    let workspace = try SampleWorkspace.trained()
    let all = lines(try run(["recommend", "--all", "-n", "9"], in: workspace).output)
    let scores = all.dropFirst().compactMap { Double($0.split(separator: ",")[3]) }.sorted()
    let limit = scores[scores.count / 2]
    let few = try run(["recommend", "--all", "-n", "9", "--min-score", "\(limit)"], in: workspace)
    #expect(few.status == 0, "\(few.errors)")
    #expect(lines(few.output) == [all[0]] + all.dropFirst().filter { Double($0.split(separator: ",")[3])! >= limit })
  }

  @Test func `lists can be made of what is less alike`() throws {
    let workspace = try SampleWorkspace.trained()
    func items(_ more: [String]) throws -> [String] {
      lines(try run(["recommend", "--user", "1", "-n", "9", "--include-seen"] + more, in: workspace).output).dropFirst()
        .map { String($0.split(separator: ",")[2]) }
    }
    let plain = try items([])
    #expect(try items(["--diversify", "0"]) == plain)
    let varied = try items(["--diversify", "0.9"])
    #expect(varied[0] == plain[0] && varied != plain && Set(varied) == Set(plain))
    // User 1 likes items 101 to 104 of one camp: variety soon brings one of another.
    #expect(Set(plain[..<4]) == ["101", "102", "103", "104"])
    #expect(!Set(varied[..<3]).isSubset(of: Set(plain[..<4])), "\(varied)")
  }

  // MARK: --rerank

  /// Leaves out what is ranked last, reverses the others, and gives item 105 a score of its own. awk holds its output back, as most
  /// programs do.
  private static let reversing = #"""
    {
      match($0, /\[.*\]/)
      count = split(substr($0, RSTART + 2, RLENGTH - 4), entries, /\},\{/)
      list = ""
      for (i = count - 1; i >= 1; i--) {
        if (entries[i] ~ /"item":"105"/) sub(/"score":[0-9.e+-]+/, "\"score\":77.5", entries[i])
        list = list (list == "" ? "" : ",") "{" entries[i] "}"
      }
      print substr($0, 1, RSTART) list "]}"
    }
    """#

  @Test func `a program decides the order`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    try workspace.write(Self.reversing, to: "reverse.awk")
    func rows(_ more: [String]) throws -> [[String]] {
      let outcome = try run(["recommend", "--all", "--include-seen"] + more, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return lines(outcome.output).dropFirst().map { $0.split(separator: ",").map(String.init) }
    }
    let plain = try rows(["-n", "9"])
    let reversed = try rows(["-n", "4", "--rerank", "awk -f reverse.awk"])
    for user in 1...12 {
      let before = plain.filter { $0[0] == "\(user)" }.map { $0[2] }
      let after = reversed.filter { $0[0] == "\(user)" }
      #expect(after.map { $0[2] } == before.dropLast().reversed().prefix(4).map { $0 })
      #expect(after.map { $0[1] } == ["1", "2", "3", "4"])
    }
    #expect(reversed.contains { $0[2] == "105" } && reversed.allSatisfy { ($0[2] == "105") == ($0[3] == "77.5") })
  }

  @Test(arguments: [
    ("exit 3", "status 3"), ("true", "status 0"), ("cat >/dev/null; exit 4", "status 4"), ("kill -9 $$", "signal 9"),
    ("echo nonsense; cat >/dev/null", "its line is not"),
    ("sed s/recommendations/others/", "its line is not"), (#"sed 's/"user":"3"/"user":"4"/'"#, "in place of"),
    (#"sed 's/"item":"[0-9]*"/"item":"999"/'"#, "none of the candidates"), ("cat; exit 5", "status 5"),
    ("cat; echo more", "more than one line"),
    (#"sed 's/"item":"[0-9]*"/"item":"105"/g'"#, "none of the candidates or comes twice"),
  ])
  func `a program that answers wrongly is told of, and nothing is written`(_ command: String, _ says: String) throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(
      ["recommend", "--all", "--include-seen", "--rerank", command, "--output", "out.csv"], in: workspace)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(!workspace.exists("out.csv"))
  }

  // MARK: recommend-users

  @Test func `users are recommended to items with the scores of items for users`() throws {
    let workspace = try SampleWorkspace.trained(["--biases"])
    let byUser = lines(try run(["recommend", "--all", "-n", "9"], in: workspace).output).dropFirst()
    let byItem = lines(try run(["recommend-users", "--all", "-n", "12"], in: workspace).output)
    #expect(byItem[0] == "item,rank,user,score")
    func pairs(_ rows: some Sequence<String>, _ user: Int, _ item: Int) -> Set<String> {
      Set(
        rows.map { $0.split(separator: ",") }.map {
          "\($0[user]) \($0[item]) \(Float($0[3])!.rounded(.toNearestOrEven))"
        })
    }
    #expect(pairs(byUser, 0, 2) == pairs(byItem.dropFirst(), 2, 0))
    #expect(byItem.count > 12)
    let named = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let table = try run(["recommend-users", "--item", "Five", "-n", "2", "--table", "--include-seen"], in: named)
    #expect(table.output.hasPrefix("users for Five, item 105\n"), "\(table.output)")
    // Users 7 to 12 like it.
    let users = lines(table.output).suffix(2).compactMap { Int($0.split(separator: " ").last!) }
    #expect(users.allSatisfy { $0 >= 7 }, "\(table.output)")
    let none = try run(["recommend-users", "--item", "105", "--min-score", "1000"], in: named)
    #expect(lines(none.output) == ["item,rank,user,score"])
  }

  // MARK: explain

  @Test func `an explanation adds up to the score`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let outcome = try run(["explain", "--user", "3", "--item", "Étude", "-n", "99"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = lines(outcome.output).map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows[0] == ["item", "rating", "contribution", "name"])
    #expect(Set(rows.dropFirst().map { $0[0] }) == rated(by: 3))
    let contributions = rows.dropFirst().compactMap { Double($0[2]) }
    #expect(contributions == contributions.sorted(by: >))
    try workspace.write("3\t101\n", to: "pairs.tsv")
    let predicted = try run(["predict", "pairs.tsv"], in: workspace)
    let score = try #require(Double(lines(predicted.output)[1].split(separator: ",")[2]))
    #expect(abs(contributions.reduce(0, +) - score) < 1e-4)
    let table = try run(["explain", "--user", "3", "--item", "101", "-n", "2", "--table"], in: workspace)
    #expect(table.output.contains("together") && table.output.contains("more"), "\(table.output)")

    let bare = try SampleWorkspace.trained(["--no-keep-ratings"])
    let refused = try run(["explain", "--user", "3", "--item", "101"], in: bare)
    #expect(refused.status == 65 && refused.errors.contains("--ratings"), "\(refused.errors)")
    let given = try run(["explain", "--user", "3", "--item", "101", "-n", "99", "--ratings", "ratings.tsv"], in: bare)
    #expect(lines(given.output).dropFirst().map { $0.split(separator: ",")[2] } == rows.dropFirst().map { $0[2][...] })
  }

  // MARK: a model without ratings

  @Test func `a model without ratings says that nothing is left out, and takes them from a file`() throws {
    let workspace = try SampleWorkspace.trained(["--no-keep-ratings"])
    let bare = try run(["recommend", "--user", "1", "-n", "9"], in: workspace)
    #expect(bare.status == 0)
    #expect(bare.errors.contains("--exclude"))
    #expect(lines(bare.output).count == 10)
    let excluded = try run(["recommend", "--user", "1", "-n", "9", "--exclude", "ratings.tsv"], in: workspace)
    #expect(excluded.status == 0 && excluded.errors.isEmpty, "\(excluded.errors)")
    #expect(lines(excluded.output).count == 1 + 9 - rated(by: 1).count)
  }

  @Test func `allowed and excluded items bound the list`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("101\n102\n103\n999\n", to: "allowed.txt")
    try workspace.write("102\n", to: "excluded.txt")
    let outcome = try run(
      ["recommend", "--user", "1", "--include-seen", "--items", "allowed.txt", "--exclude-items", "excluded.txt"],
      in: workspace)
    #expect(outcome.status == 0)
    #expect(Set(lines(outcome.output).dropFirst().map { String($0.split(separator: ",")[2]) }) == ["101", "103"])
    #expect(outcome.errors.contains("does not know 1 of its 4 items"))
  }

  @Test func `names follow the items, in every form of file`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    for form in ["csv", "tsv", "jsonl", "csv.gz"] {
      let outcome = try run(
        ["recommend", "--user", "2", "--include-seen", "-n", "9", "--output", "out.\(form)"], in: workspace)
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    }
    let csv = try workspace.read("out.csv")
    #expect(csv.hasPrefix("user,rank,item,score,name\n"))
    #expect(csv.contains("\"Bobby \"\"O\"\"\""))
    #expect(try workspace.read("out.tsv").contains("\tBobby \"O\"\n"))
    let document = try JSONValue(parsing: lines(try workspace.read("out.jsonl"))[0])
    #expect(document["user"] == .text("2"))
    #expect(document["recommendations"]?.elements.count == 9)
    #expect(try workspace.readBytes("out.csv.gz").prefix(2) == [0x1f, 0x8b])
  }

  @Test func `a table is for reading`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let outcome = try run(["recommend", "--user", "2", "--table", "-n", "3"], in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("user 2, 7 ratings, highest: "))
    #expect(outcome.output.contains("rank  name"))
  }

  @Test func `users of a file come in its order, and strangers are counted`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("7\nnobody\n3\n", to: "users.txt")
    let outcome = try run(["recommend", "--users", "users.txt", "-n", "1"], in: workspace)
    #expect(outcome.status == 0)
    #expect(lines(outcome.output).dropFirst().map { $0.prefix(2) } == ["7,", "3,"])
    #expect(outcome.errors.contains("warning") && outcome.errors.contains("\"nobody\""))
  }

  @Test(arguments: [
    (["recommend", "--user", "nobody"], Int32(65), "knows no user \"nobody\""),
    (["recommend", "--users", "strangers.txt"], 65, "none of its 2 ids"),
    (["recommend", "--users", "missing.txt"], 66, "missing.txt"),
    (["recommend"], 64, "--user"), (["recommend", "--user", "1", "--all"], 64, "--all"),
    (["recommend", "--user", "1", "-n", "0"], 64, "-n"),
    (["recommend", "--user", "1", "--min-score", "high"], 64, "--min-score"),
    (["recommend", "--user", "1", "--diversify", "1.5"], 64, "--diversify"),
    (["recommend-users"], 64, "--item"), (["recommend-users", "--item", "101", "--all"], 64, "--all"),
    (["recommend-users", "--item", "nothing"], 65, "knows no item"),
    (["explain", "--user", "1", "--item", "nothing"], 65, "knows no item"),
    (["explain", "--user", "nobody", "--item", "101"], 65, "knows no user"),
    (["explain", "--user", "1", "--item", "101", "--ratings", "strangers.tsv"], 65, "user 1 has no ratings"),
    (["recommend", "--user", "1", "--output", "out.xlsx"], 64, ".csv"),
    (["recommend", "--user", "1", "--output", "missing/out.csv"], 73, "missing/out.csv"),
    (["recommend", "--user", "1", "--table", "--output", "out.csv"], 64, "--table"),
    (["similar", "--item", "999"], 65, "knows no item \"999\""),
    (["similar", "--user", "x"], 65, "knows no user \"x\""),
    (["similar"], 64, "--item"), (["similar", "--item", "101", "--user", "1"], 64, "one of"),
    (["similar", "--item", "Twin"], 65, "103, 104"),
    (["evaluate", "--test", "ratings.tsv", "--metrics", "rmse,hits@10"], 64, "hits@10"),
    (["evaluate", "--test", "missing.tsv"], 66, "missing.tsv"),
    (["evaluate", "--test", "strangers.tsv"], 65, "--columns"),
    (["predict", "missing.tsv"], 66, "missing.tsv"), (["predict", "strangers.txt"], 65, "strangers.txt"),
    (["predict", "ratings.tsv", "--cold-start", "zero"], 64, "--cold-start"),
  ])
  func `what cannot be answered is refused with a reason`(_ arguments: [String], _ status: Int32, _ says: String) throws
  {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    try workspace.write("p\nq\n", to: "strangers.txt")
    try workspace.write("101\t1\t5\n102\t2\t5\n", to: "strangers.tsv")
    let before = workspace.entries()
    let outcome = try run(arguments, in: workspace)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("gpuals: error: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(workspace.entries() == before)
  }

  @Test(arguments: ["model.json", "user_factors.npy", "users.txt", "ratings.npz"])
  func `a damaged model names the file`(_ file: String) throws {
    let workspace = try SampleWorkspace.trained()
    let bytes = try workspace.readBytes("model/\(file)")
    try workspace.write(Array(bytes.prefix(bytes.count / 2)), to: "model/\(file)")
    let outcome = try run(["recommend", "--user", "1"], in: workspace)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("model/\(file)"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `a model that is not there is no input`() throws {
    let workspace = try SampleWorkspace.make()
    for arguments in [["recommend", "--all"], ["similar", "--item", "101"], ["evaluate", "--test", "ratings.tsv"]] {
      let outcome = try run(arguments, in: workspace)
      #expect(outcome.status == 66, "\(outcome.errors)")
      #expect(outcome.errors.contains("model"))
    }
  }

  // MARK: similar

  @Test func `items are found by name in any case`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let byName = try run(["similar", "--item", "éTUDE", "-n", "3"], in: workspace)
    let byID = try run(["similar", "--item", "101", "-n", "3"], in: workspace)
    #expect(byName.status == 0, "\(byName.errors)")
    #expect(byName.output == byID.output)
    #expect(byID.output.hasPrefix("rank,item,score,name\n1,"))
    #expect(lines(byID.output).count == 4)
  }

  @Test func `users are compared with users`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try run(["similar", "--user", "1", "-n", "3"], in: workspace)
    #expect(outcome.status == 0)
    let rows = lines(outcome.output)
    #expect(rows[0] == "rank,user,score")
    #expect(rows.dropFirst().allSatisfy { Int($0.split(separator: ",")[1])! <= 6 }, "\(rows)")
  }

  // MARK: evaluate

  @Test func `errors are measured on known pairs, and unknown ones counted`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write(SampleWorkspace.ratings + "1\t999\t3\n", to: "test.tsv")
    let outcome = try run(["evaluate", "--test", "test.tsv", "--json"], in: workspace)
    #expect(outcome.status == 0)
    let json = try JSONValue(parsing: outcome.output)
    #expect(json.keys == ["mae", "pairs", "rmse", "unknown_pairs"])
    #expect(json["pairs"] == .number(84) && json["unknown_pairs"] == .number(1))
    let rmse = try #require(json["rmse"]?.number)
    #expect(rmse > 0 && rmse < 1)
    let rmseOnly = try run(["evaluate", "--test", "test.tsv", "--json", "--metrics", "rmse"], in: workspace)
    #expect(try JSONValue(parsing: rmseOnly.output).keys == ["pairs", "rmse", "unknown_pairs"])
  }

  // MARK: predict

  @Test func `predictions come in the order of the pairs, and strangers as told`() throws {
    let workspace = try SampleWorkspace.trained()
    let pairs = "1,101\n12,999\nnobody,101\nnobody,999\n12,105\n"
    let nan = try run(["predict", "-"], in: workspace, input: pairs)
    #expect(nan.status == 0, "\(nan.errors)")
    let rows = lines(nan.output)
    #expect(rows[0] == "user,item,prediction")
    #expect(rows[2...4] == ["12,999,nan", "nobody,101,nan", "nobody,999,nan"])
    #expect(rows[1].hasPrefix("1,101,") && rows[5].hasPrefix("12,105,"))
    let drop = try run(["predict", "-", "--cold-start", "drop"], in: workspace, input: pairs)
    #expect(lines(drop.output) == [rows[0], rows[1], rows[5]])
    let mean = try run(["predict", "-", "--cold-start", "mean", "--output", "out.tsv"], in: workspace, input: pairs)
    #expect(mean.status == 0 && mean.output.isEmpty)
    let means = lines(try workspace.read("out.tsv")).map { $0.split(separator: "\t").map(String.init) }
    let ratings = lines(SampleWorkspace.ratings).map { $0.split(separator: "\t").map(String.init) }
    func average(_ kept: [[String]]) -> Double {
      kept.map { Double($0[2])! }.reduce(0, +) / Double(kept.count)
    }
    #expect(abs(Double(means[2][2])! - average(ratings.filter { $0[0] == "12" })) < 1e-5)
    #expect(abs(Double(means[3][2])! - average(ratings.filter { $0[1] == "101" })) < 1e-5)
    #expect(abs(Double(means[4][2])! - average(ratings)) < 1e-5)
  }

  @Test func `means need the training ratings`() throws {
    let workspace = try SampleWorkspace.trained(["--no-keep-ratings"])
    let outcome = try run(["predict", "ratings.tsv", "--cold-start", "mean"], in: workspace)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("--no-keep-ratings"))
  }

  // MARK: export

  /// That implicit itself loads it, recommends the same and folds users in to the same factors: `bench/NOTES.md`.
  @Test func `a model is exported for implicit as a NumPy archive`() throws {
    let workspace = try SampleWorkspace.trained(["--implicit", "--regularization-exponent", "0"])
    let outcome = try run(["export", "--to", "implicit", "--output", "out.npz"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let bytes = try workspace.readBytes("out.npz")
    #expect(bytes.starts(with: [0x50, 0x4B, 3, 4]))
    let text = String(decoding: bytes, as: UTF8.self)
    for name in [
      "user_factors", "item_factors", "regularization", "factors", "num_threads", "iterations", "use_native", "use_cg",
      "cg_steps", "calculate_training_loss", "dtype", "random_state", "alpha",
    ] { #expect(text.contains(name + ".npy"), "\(name)") }
    // The factors stand in it byte by byte as they do in the model.
    let factors = try workspace.readBytes("model/user_factors.npy")
    #expect(bytes.indices.contains { bytes[$0...].starts(with: factors) })
    let again = try run(["export", "--to", "implicit", "--output", "again.npz", "--quiet"], in: workspace)
    #expect(again.errors.isEmpty)
    #expect(try workspace.readBytes("again.npz") == bytes)
  }

  @Test func `what implicit cannot hold is not exported`() throws {
    let biased = try SampleWorkspace.trained(["--biases"])
    let refused = try run(["export", "--to", "implicit", "--output", "out.npz"], in: biased)
    #expect(refused.status == 64 && refused.errors.contains("biases") && !biased.exists("out.npz"))
    let explicit = try SampleWorkspace.trained()
    let ending = try run(["export", "--to", "implicit", "--output", "out.bin"], in: explicit)
    #expect(ending.status == 64 && ending.errors.contains(".npz"))
    let warned = try run(["export", "--to", "implicit", "--output", "out.npz"], in: explicit)
    #expect(warned.status == 0 && warned.errors.contains("explicit ratings"), "\(warned.errors)")
    let nowhere = try run(["export", "--to", "implicit", "--output", "missing/out.npz"], in: explicit)
    #expect(nowhere.status == 73)
    let unknown = try run(["export", "--to", "abacus", "--output", "out.npz"], in: explicit)
    #expect(unknown.status == 64)
  }
}
