import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `Tuning parameters` {
  private func arguments(_ more: [String]) -> [String] {
    ["tune", "ratings.tsv", "--model", "model", "--device", "reference"] + more
  }

  private func tune(_ more: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(arguments(more), in: workspace)
  }

  /// 40 users and 20 items in two camps, with noise: enough for held-out errors to tell parameters apart.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    var text = ""
    for user in 1...40 {
      for item in 101...120 where (user * 7 + item * 3) % 5 != 0 {
        let likes = (user <= 20) == (item <= 110)
        text += "\(user)\t\(item)\t\((likes ? 4 : 1) + (user * item) % 2)\n"
      }
    }
    try workspace.write(text, to: "ratings.tsv")
    return workspace
  }

  @Test func `every combination is measured as train measures it, and the best is trained on all ratings`() throws {
    let workspace = try workspace()
    let outcome = try tune(
      [
        "--rank", "1,3", "--regularization", "0.01,0.1,1", "--holdout", "0.2", "--seed", "5", "--json", "--no-stopping",
      ],
      in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    let trials = try #require(json["trials"]).elements
    #expect(trials.count == 6 && trials.allSatisfy { $0["outcome"] == .text("done") })
    for (trial, options) in zip(trials, [[1, 0.01], [1, 0.1], [1, 1], [3, 0.01], [3, 0.1], [3, 1]]) {
      let train = try GPUALSProgram.run(
        [
          "train", "ratings.tsv", "--model", "one", "--device", "reference", "--rank", "\(Int(options[0]))",
          "--regularization", "\(options[1])", "--holdout", "0.2", "--seed", "5", "--json",
        ], in: workspace)
      let expected = try #require(try JSONValue(parsing: train.output)["iterations"]).elements.last?["test_rmse"]
      #expect(trial["score"] == expected)
      #expect(trial["parameters"]?["rank"]?.number == options[0])
      #expect(trial["parameters"]?["regularization"]?.number == options[1])
    }
    let scores = trials.compactMap { $0["score"]?.number }
    let best = try #require(scores.indices.min { scores[$0] < scores[$1] })
    #expect(json["best"]?.number == Double(best + 1))
    let model = try JSONValue(parsing: workspace.read("model/model.json"))
    #expect(model["parameters"]?["rank"] == trials[best]["parameters"]?["rank"])
    #expect(model["parameters"]?["regularization"] == trials[best]["parameters"]?["regularization"])
    let lines = try workspace.read("ratings.tsv").split(separator: "\n").count
    #expect(model["ratings"]?.number == Double(lines), "held-out ratings included")
    #expect(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"] == json["trials"])
    // The model is what train makes of the same parameters and all ratings.
    let rank = best < 3 ? "1" : "3"
    let regularization = ["0.01", "0.1", "1"][best % 3]
    let same = try GPUALSProgram.run(
      [
        "train", "ratings.tsv", "--model", "one", "--device", "reference", "--rank", rank, "--regularization",
        regularization, "--seed", "5",
      ], in: workspace)
    #expect(same.status == 0)
    for file in ["user_factors.npy", "item_factors.npy", "ratings.npz"] {
      #expect(try workspace.readBytes("model/\(file)") == workspace.readBytes("one/\(file)"), "\(file)")
    }
  }

  @Test func `folds are averaged, and a table tells the best first`() throws {
    let workspace = try workspace()
    let outcome = try tune(["--rank", "2", "--regularization", "0.01,3", "--folds", "3"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines[0] == ["trial", "regularization", "rmse", "±", "time"])
    #expect(lines[1].first == "1" && lines[1].last == "best" && lines[2].first == "2")
    let trials = try #require(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"]).elements
    for trial in trials {
      let scores = try #require(trial["rounds"]).elements.compactMap { $0["scores"]?.elements.last?.number }
      #expect(scores.count == 3 && Set(scores).count == 3)
      let mean = scores.reduce(0, +) / 3
      #expect(abs((trial["score"]?.number ?? 0) - mean) < 1e-12)
      let deviation = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
      #expect(abs((trial["deviation"]?.number ?? 0) - deviation) < 1e-12)
    }
  }

  @Test func `a trial behind the median is stopped`() throws {
    let workspace = try workspace()
    let options = ["--rank", "2", "--regularization", "0.01,0.02,0.03,0.04,50", "--iterations", "20"]
    let outcome = try tune(options, in: workspace)
    #expect(outcome.status == 0 && outcome.output.contains("stopped after iteration 3"), "\(outcome.output)")
    let trials = try #require(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"]).elements
    #expect(
      trials.map { $0["outcome"] } == [.text("done"), .text("done"), .text("done"), .text("done"), .text("stopped")])
    #expect(trials[4]["rounds"]?.elements.first?["iterations"]?.elements.count == 3)
    let whole = try tune(options + ["--no-stopping"], in: workspace)
    #expect(!whole.output.contains("stopped"))
  }

  @Test(arguments: ["precision@3", "recall@3", "ndcg@3", "map@3", "auc", "mae"])
  func `every goal is what evaluate computes`(metric: String) throws {
    let workspace = try workspace()
    try workspace.write("1\t101\t5\n1\t119\t1\n25\t105\t1\n25\t115\t5\n30\t118\t4\n", to: "test.tsv")
    let ratings = try workspace.read("ratings.tsv").split(separator: "\n").filter { line in
      !["1\t101\t", "1\t119\t", "25\t105\t", "25\t115\t", "30\t118\t"].contains { line.hasPrefix($0) }
    }
    try workspace.write(ratings.joined(separator: "\n") + "\n", to: "ratings.tsv")
    let outcome = try tune(
      ["--rank", "2,3", "--test", "test.tsv", "--metric", metric, "--relevant-from", "4", "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    let best = try #require(json["best"]?.number)
    // The test's ratings are a file of their own: the model was trained on what the trial was trained on.
    let evaluation = try GPUALSProgram.run(
      ["evaluate", "--model", "model", "--test", "test.tsv", "--metrics", metric, "--relevant-from", "4", "--json"],
      in: workspace)
    let expected = try #require(try JSONValue(parsing: evaluation.output)[metric]?.number)
    let score = try #require(json["trials"]?.elements[Int(best) - 1]["score"]?.number)
    #expect(abs(score - expected) < 1e-9)
  }

  @Test func `resuming does what is left, and more values may be given`() throws {
    let workspace = try workspace()
    #expect(try tune(["--rank", "2", "--regularization", "0.1,0.2"], in: workspace).status == 0)
    let seconds = try #require(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"]).elements
    let more = try tune(["--rank", "2", "--regularization", "0.1,0.15,0.2", "--resume"], in: workspace)
    #expect(more.status == 0 && more.errors.contains("has 2 trials of 3 already"), "\(more.errors)")
    #expect(more.errors.contains("trying 1 combination"))
    let trials = try #require(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"]).elements
    #expect(trials.map { $0["trial"]?.number } == [1, 2, 3])
    #expect(trials[0]["seconds"] == seconds[0]["seconds"] && trials[2]["seconds"] == seconds[1]["seconds"])
    let other = try tune(["--rank", "2", "--holdout", "0.3", "--resume"], in: workspace)
    #expect(other.status == 65 && other.errors.contains("cannot resume model.trials.json"), "\(other.errors)")
    try workspace.write("{}", to: "model.trials.json")
    #expect(try tune(["--rank", "2", "--resume"], in: workspace).status == 65)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal keeps the trials that ended, and the old model`(signal: Int32) throws {
    let workspace = try workspace()
    #expect(try tune(["--rank", "1"], in: workspace).status == 0)
    let old = try workspace.readBytes("model/model.json")
    let long = ["--rank", "2", "--iterations", "3,100000000", "--no-stopping"]
    let running = try GPUALSProgram.start(arguments(long), in: workspace)
    try running.waitForErrors(containing: "trial 1/2")
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.status == (signal == SIGINT ? 130 : 143), "\(outcome.errors)")
    #expect(outcome.errors.contains("interrupted after 1 of 2 trials") && outcome.errors.contains("--resume"))
    #expect(try workspace.readBytes("model/model.json") == old)
    let trials = try #require(try JSONValue(parsing: workspace.read("model.trials.json"))["trials"]).elements
    #expect(trials.count == 1)
    #expect(workspace.entries() == ["model", "model.trials.json", "ratings.tsv"])
    let resumed = try tune(["--rank", "2", "--iterations", "3,4", "--resume"], in: workspace)
    #expect(resumed.status == 0 && resumed.errors.contains("has 1 trial of 2 already"), "\(resumed.errors)")
  }

  @Test func `a combination that cannot be solved fails alone`() throws {
    let workspace = try workspace()
    let some = try tune(["--rank", "30", "--regularization", "0,0.1"], in: workspace)
    #expect(some.status == 0 && some.errors.contains("failed"), "\(some.errors)")
    let all = try tune(["--rank", "30", "--regularization", "0"], in: workspace)
    #expect(all.status == 64 && all.errors.contains("none of 1 trial came to an end"), "\(all.errors)")
  }

  @Test func `early stopping decides how long the best is trained`() throws {
    let workspace = try workspace()
    let outcome = try tune(
      ["--rank", "6", "--regularization", "0.001", "--iterations", "60", "--early-stopping", "2", "--json"],
      in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let trial = try #require(try JSONValue(parsing: outcome.output)["trials"]).elements[0]
    let best = try #require(trial["rounds"]?.elements[0]["best_iteration"]?.number)
    #expect(best < 60)
    let model = try JSONValue(parsing: workspace.read("model/model.json"))
    #expect(model["iterations"]?.elements.count == Int(best))
  }

  @Test(arguments: [
    (["--regularization", "0.01..1"], "--trials"), (["--metric", "coverage@10"], "coverage"),
    (["--metric", "nonsense"], "--metric"), (["--folds", "1"], "--folds"),
    (["--folds", "2", "--holdout", "0.1"], "--folds"),
    (["--rank", "0,1"], "rank"), (["--rank", "1.5"], "rank"), (["--regularization", "0.1..x"], "regularization"),
    (["--alpha", "2"], "--implicit"), (["--trials", "0"], "--trials"), (["--rank", "8..4", "--trials", "2"], "rank"),
  ])
  func `what makes no sense is refused`(options: [String], word: String) throws {
    let workspace = try workspace()
    let outcome = try tune(options, in: workspace)
    #expect(outcome.status == 64 && outcome.errors.contains(word), "\(outcome.errors)")
    #expect(workspace.entries() == ["ratings.tsv"])
  }
}
