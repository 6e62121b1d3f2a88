import Testing

@Suite struct `Training on the command line` {
  @Test func `prints the summary of interfaces md as JSON and nothing else on stdout`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--json", "--holdout", "0.2"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    #expect(
      json.keys == [
        "device", "items", "iterations", "model", "peak_device_bytes", "rank", "ratings", "seconds", "users",
      ])
    #expect(json["users"] == .number(12))
    #expect(json["items"] == .number(9))
    #expect(json["rank"] == .number(3))
    #expect(json["model"] == .text("model"))
    #expect(json["seconds"]?.keys == ["build", "read", "train", "write"])
    #expect(json["iterations"]?.elements.count == 4)
    let last = try #require(json["iterations"]?.elements.last)
    #expect(last.keys == ["iteration", "seconds", "test_rmse", "train_rmse"])
    let total = try #require(json["ratings"]?.number)
    #expect(total < 84, "what is held out is not trained on")
  }

  @Test func `tells the loss in place of the error when implicit`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train + ["--json", "--implicit", "--alpha", "10"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let last = try #require(try JSONValue(parsing: outcome.output)["iterations"]?.elements.last)
    #expect(last.keys == ["iteration", "loss", "seconds"])
  }

  @Test func `prints one line for each iteration where there is no terminal`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train.filter { $0 != "--quiet" }, in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    for iteration in 1...4 { #expect(outcome.errors.contains("\niteration \(iteration)/4: ")) }
    #expect(!outcome.errors.contains("\u{1B}"), "no cursor movements outside a terminal")
    #expect(outcome.errors.contains("read 84 ratings of 12 users and 9 items"))
    #expect(outcome.errors.contains("try: gpuals recommend --model model"))
  }

  @Test func `says nothing when quiet`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train, in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(
      workspace.entries("model") == [
        "item_factors.npy", "items.txt", "model.json", "ratings.npz", "user_factors.npy", "users.txt",
      ])
    #expect(workspace.entries() == ["model", "names.tsv", "ratings.tsv"])
  }

  @Test func `gives the same bytes twice`() throws {
    let first = try SampleWorkspace.trained()
    let second = try SampleWorkspace.trained()
    for file in ["model/user_factors.npy", "model/item_factors.npy", "model/ratings.npz"] {
      #expect(try first.readBytes(file) == second.readBytes(file))
    }
  }

  @Test func `reads standard input`() throws {
    let workspace = try Workspace()
    let outcome = try GPUALSProgram.run(
      ["train", "-", "--model", "model", "--device", "reference", "--rank", "2", "--quiet"], in: workspace,
      input: SampleWorkspace.ratings)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(workspace.exists("model/model.json"))
  }

  @Test func `reads a directory and leaves the ratings out when told to`() throws {
    let workspace = try Workspace()
    try workspace.write(SampleWorkspace.ratings, to: "data/part-1.tsv")
    try workspace.write("99\t101\t5\n", to: "data/part-2.tsv")
    let outcome = try GPUALSProgram.run(
      ["train", "data", "--model", "model", "--device", "reference", "--rank", "2", "--no-keep-ratings"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("of 13 users"))
    #expect(!workspace.exists("model/ratings.npz"))
  }

  @Test func `keeps the names of items and says how many are missing`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train.filter { $0 != "--quiet" } + ["--item-names", "names.tsv"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("names for 8 of 9 items"))
    #expect(try workspace.read("model/item_names.txt").hasPrefix("Étude\nBobby \"O\"\n"))
  }

  @Test func `drops and maps ratings, with negative numbers as values`() throws {
    let workspace = try SampleWorkspace.make()
    try workspace.write(SampleWorkspace.ratings + "1\t-100\t90\n2\t-99\t3\n3\t108\t-7\n", to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train.filter { $0 != "--quiet" } + ["--drop-items", "-100,-99", "--rating-map", "-7=drop"],
      in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("dropped 1 row by --rating-map and 2 rows by --drop-items"))
  }

  @Test func `warns of a value that looks like a code and names the option`() throws {
    let workspace = try Workspace()
    var text = ""
    for user in 1...40 {
      for item in 1...25 { text += "\(user)\t\(item)\t\((user * item) % 7 == 0 ? 255 : (user + item) % 6)\n" }
    }
    try workspace.write(text, to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train, in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("gpuals: warning:"), "\(outcome.errors)")
    #expect(outcome.errors.contains("--rating-map 255=drop"))
  }

  @Test func `skips malformed rows when told to, and says so even when quiet`() throws {
    let workspace = try Workspace()
    var text = ""
    for user in 1...20 {
      for item in 1...20 { text += "\(user)\t\(item)\t\((user + item) % 6)\n" }
    }
    try workspace.write(text + "1\t2\tx\n", to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--on-error", "skip"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("skipped 1 malformed row"))
    #expect(outcome.errors.contains("ratings.tsv:401"))
  }

  @Test func `names the user whose equations are singular`() throws {
    let workspace = try Workspace()
    try workspace.write("ann\tx\t5\nann\ty\t4\nbob\tx\t3\n", to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--regularization", "0"], in: workspace)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains("singular"))
    #expect(["item x", "item y", "user ann", "user bob"].contains { outcome.errors.contains($0) }, "\(outcome.errors)")
    #expect(!workspace.exists("model"))
  }

  @Test func `replaces a model, and keeps the old one if the new run fails`() throws {
    let workspace = try SampleWorkspace.trained()
    let before = try workspace.readBytes("model/user_factors.npy")
    try workspace.write("1\t2\tx\n", to: "bad.tsv")
    let failed = try GPUALSProgram.run(
      ["train", "bad.tsv", "--model", "model", "--device", "reference"], in: workspace)
    #expect(failed.status == 65)
    #expect(try workspace.readBytes("model/user_factors.npy") == before)
    let replaced = try GPUALSProgram.run(SampleWorkspace.train + ["--seed", "7"], in: workspace)
    #expect(replaced.status == 0)
    #expect(try workspace.readBytes("model/user_factors.npy") != before)
  }

  /// Ratings of 12 users that follow no rule, so that the held-out error soon rises.
  private static let noise = (0..<120).map { "\($0 % 12)\t\($0 / 12 + 1)\t\(($0 * 7919 + $0 * $0 * 31) % 17)\n" }
    .joined()

  @Test func `early stopping keeps the best iteration, and a resumed run knows that it is done`() throws {
    let workspace = try Workspace()
    try workspace.write(Self.noise, to: "ratings.tsv")
    let train = [
      "train", "ratings.tsv", "--model", "model", "--device", "reference", "--rank", "5", "--regularization", "0.001",
      "--holdout", "0.3",
    ]
    let stopping = train + ["--iterations", "500", "--early-stopping", "2", "--json"]
    let outcome = try GPUALSProgram.run(stopping, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    let errors = try #require(json["iterations"]).elements.map { $0["test_rmse"]?.number ?? .nan }
    let best = try #require(json["best_iteration"]?.number)
    #expect(errors.count == Int(best) + 2 && errors.count < 500)
    #expect(errors.min() == errors[Int(best) - 1])
    #expect(outcome.errors.contains("early stopping:"))

    let whole = try Workspace()
    try whole.write(Self.noise, to: "ratings.tsv")
    let plain = try GPUALSProgram.run(train + ["--iterations", "\(Int(best))"], in: whole)
    #expect(plain.status == 0, "\(plain.errors)")
    for file in ["model/user_factors.npy", "model/item_factors.npy"] {
      #expect(try whole.readBytes(file) == workspace.readBytes(file))
    }
    let again = try GPUALSProgram.run(stopping + ["--resume"], in: workspace)
    #expect(again.status == 0)
    #expect(again.errors.contains("was ended by early stopping"), "\(again.errors)")
    // Patience for one more goes on from the kept iteration.
    let longer = try GPUALSProgram.run(
      train + ["--iterations", "500", "--early-stopping", "3", "--json", "--resume"], in: workspace)
    #expect(longer.status == 0, "\(longer.errors)")
    let later = try #require(try JSONValue(parsing: longer.output)["iterations"]).elements
    #expect(later.count > errors.count)
    #expect(later.prefix(errors.count).map { $0["test_rmse"]?.number ?? .nan } == errors)
  }

  @Test func `early stopping needs something to look at`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--early-stopping", "2"], in: workspace)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--holdout"))
  }

  @Test func `training starts from another model where asked to`() throws {
    let workspace = try SampleWorkspace.trained()
    let newer = [
      "train", "ratings.tsv", "--model", "newer", "--device", "reference", "--rank", "3", "--iterations", "1",
    ]
    let warm = try GPUALSProgram.run(newer + ["--from", "model", "--json"], in: workspace)
    #expect(warm.status == 0, "\(warm.errors)")
    #expect(warm.errors.contains("starting from model, which knows 12 of 12 users and 9 of 9 items"), "\(warm.errors)")
    // As one more iteration of the model itself.
    let more = try GPUALSProgram.run(
      SampleWorkspace.train.map { $0 == "4" ? "5" : $0 } + ["--resume"], in: workspace)
    #expect(more.status == 0, "\(more.errors)")
    #expect(try workspace.readBytes("newer/user_factors.npy") == workspace.readBytes("model/user_factors.npy"))

    let other = try GPUALSProgram.run(newer + ["--from", "model", "--rank", "4"], in: workspace)
    #expect(other.status == 65)
    #expect(other.errors.contains("cannot start from model: its rank is 3, not 4"), "\(other.errors)")
    try workspace.write("99\t101\t3\n", to: "others.tsv")
    let strangers = try GPUALSProgram.run(
      newer.map { $0 == "ratings.tsv" ? "others.tsv" : $0 } + ["--from", "model"], in: workspace)
    #expect(strangers.status == 65)
    #expect(strangers.errors.contains("knows none of the 1 user"), "\(strangers.errors)")
    let missing = try GPUALSProgram.run(newer + ["--from", "nowhere"], in: workspace)
    #expect(missing.status == 66)
  }

  @Test func `the first side and the norm of the start are kept with the model`() throws {
    let workspace = try SampleWorkspace.trained(["--first", "users", "--initial-norm", "0.1"])
    let parameters = try #require(try JSONValue(parsing: workspace.read("model/model.json"))["parameters"])
    #expect(parameters["first_side"] == .text("user"))
    #expect(parameters["initial_norm"] == .number(0.1))
    let other = try GPUALSProgram.run(SampleWorkspace.train + ["--iterations", "9", "--resume"], in: workspace)
    #expect(other.status == 65)
    #expect(other.errors.contains("--first users, not items"), "\(other.errors)")
  }

  @Test func `nonnegative factors are written where they are asked for`() throws {
    let workspace = try SampleWorkspace.trained(["--nonnegative"])
    for file in ["model/user_factors.npy", "model/item_factors.npy"] {
      // The sign is the highest bit of every fourth byte behind the header of 128 bytes.
      let bytes = Array(try workspace.readBytes(file).dropFirst(128))
      #expect(bytes.count.isMultiple(of: 4) && !bytes.isEmpty)
      #expect(stride(from: 3, to: bytes.count, by: 4).allSatisfy { bytes[$0] & 0x80 == 0 })
    }
    let resumed = try GPUALSProgram.run(SampleWorkspace.train + ["--iterations", "9", "--resume"], in: workspace)
    #expect(resumed.status == 65)
    #expect(resumed.errors.contains("with --nonnegative"), "\(resumed.errors)")
    let both = try GPUALSProgram.run(SampleWorkspace.train + ["--nonnegative", "--solver", "cg"], in: workspace)
    #expect(both.status == 64)
  }

  @Test func `a model with biases predicts, recommends and measures with them`() throws {
    let workspace = try SampleWorkspace.make()
    let trained = try GPUALSProgram.run(
      SampleWorkspace.train + ["--biases", "--test", "ratings.tsv", "--json"], in: workspace)
    #expect(trained.status == 0, "\(trained.errors)")
    let last = try #require(try JSONValue(parsing: trained.output)["iterations"]?.elements.last)
    let rmse = try #require(last["test_rmse"]?.number)
    let evaluated = try GPUALSProgram.run(
      ["evaluate", "--model", "model", "--test", "ratings.tsv", "--json"], in: workspace)
    let found = try #require(try JSONValue(parsing: evaluated.output)["rmse"]?.number)
    let own = try #require(last["train_rmse"]?.number)
    #expect(abs(found - rmse) < 1e-6 && abs(found - own) < 1e-6)

    let recommended = try GPUALSProgram.run(
      ["recommend", "--model", "model", "--user", "3", "-n", "1", "--include-seen"], in: workspace)
    let best = try #require(recommended.output.split(separator: "\n").last).split(separator: ",")
    try workspace.write("3\t\(best[2])\n", to: "pairs.tsv")
    let predicted = try GPUALSProgram.run(["predict", "--model", "model", "pairs.tsv"], in: workspace)
    #expect(predicted.output.hasSuffix("3,\(best[2]),\(best[3])\n"), "\(predicted.output) \(recommended.output)")
    // Users like four of nine items with 4 or 5, and the mean is near 3: no score is far from the scale.
    let score = try #require(Double(best[3]))
    #expect(score > 3.5 && score < 6)

    let same = try GPUALSProgram.run(
      SampleWorkspace.train + ["--biases", "--iterations", "6", "--resume"], in: workspace)
    #expect(same.status == 0, "\(same.errors)")
    let whole = try SampleWorkspace.trained(["--biases", "--iterations", "6"])
    for file in ["user_factors.npy", "item_factors.npy", "user_biases.npy", "item_biases.npy"] {
      #expect(try whole.readBytes("model/" + file) == workspace.readBytes("model/" + file))
    }
    let warm = try GPUALSProgram.run(
      SampleWorkspace.train.map { $0 == "model" ? "warm" : $0 } + ["--biases", "--from", "model", "--iterations", "1"],
      in: workspace)
    #expect(warm.status == 0, "\(warm.errors)")
    let other = try GPUALSProgram.run(SampleWorkspace.train + ["--iterations", "9", "--resume"], in: workspace)
    #expect(other.status == 65)
    #expect(other.errors.contains("with --biases"), "\(other.errors)")
    let implicit = try GPUALSProgram.run(SampleWorkspace.train + ["--biases", "--implicit"], in: workspace)
    #expect(implicit.status == 64)
  }

  /// 12 users rate 10 items in the order of the items, user by user: item i of user u at time 100 i + u.
  private static let dated = (0..<120).map { "\($0 % 12)\t\($0 / 12)\t\($0 % 5 + 1)\t\($0 / 12 * 100 + $0 % 12)\n" }
    .reversed().joined()

  @Test(arguments: [("0.25", 98), ("0.1", 117), ("306", 52)])
  func `the latest ratings are held out by time`(split: String, trained: Int) throws {
    let workspace = try Workspace()
    // User 99 has rated all items before, so that no item is new later.
    try workspace.write(
      Self.dated + (0..<10).map { "99\t\($0)\t3\t-1\n" }.joined(), to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train.filter { $0 != "--quiet" } + ["--split-by-time", split, "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    // Of 130 ratings.
    #expect(json["ratings"] == .number(Double(trained)), "\(outcome.errors)")
    #expect(outcome.errors.contains("testing on \(130 - trained) ratings from "), "\(outcome.errors)")
    #expect(json["iterations"]?.elements.last?["test_rmse"]?.number != nil)
  }

  @Test func `a split by time that leaves nothing, or cannot be made, is refused`() throws {
    let workspace = try Workspace()
    try workspace.write(Self.dated, to: "ratings.tsv")
    try workspace.write(SampleWorkspace.ratings, to: "timeless.tsv")
    for (file, split, status, says) in [
      ("ratings.tsv", "2100-01-01", Int32(65), "an earlier time"), ("ratings.tsv", "-1000", 65, "a later time"),
      ("ratings.tsv", "soon", 64, "2011-04-30"), ("ratings.tsv", "1", 64, "between 0 and 1"),
      ("timeless.tsv", "0.1", 64, "--columns"), ("-", "0.1", 64, "standard input"),
    ] {
      let outcome = try GPUALSProgram.run(
        ["train", file, "--model", "model", "--device", "reference", "--split-by-time=\(split)"], in: workspace,
        input: "")
      #expect(outcome.status == status, "\(file) \(split): \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(file) \(split): \(outcome.errors)")
      #expect(!workspace.exists("model"))
    }
    let both = try GPUALSProgram.run(
      SampleWorkspace.train + ["--split-by-time", "0.1", "--holdout", "0.1"], in: workspace)
    #expect(both.status == 64)
  }
}
