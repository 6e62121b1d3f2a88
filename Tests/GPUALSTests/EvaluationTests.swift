import Testing

/// Metrics against scikit-learn 1.9.1, implicit 0.7.3 and RecTools 0.19.0, which `bench/metrics` ran on this very model.
@Suite struct `Evaluating the order of items` {
  /// 30 users and 40 items; six in eleven pairs are trained on, three tested.
  private static func workspace(_ more: [String] = []) throws -> Workspace {
    let workspace = try Workspace()
    var (ratings, test) = ("", "")
    for user in 0..<30 {
      for item in 0..<40 {
        let line = "\(user)\t\(item)\t\((user * user * 7 + item * item * 3 + user * item * 5) % 5 + 1)\n"
        switch (user * 3 + item * 7) % 11 {
        case ..<6: ratings += line
        case 6..<9: test += line
        default: break
        }
      }
    }
    try workspace.write(ratings, to: "ratings.tsv")
    try workspace.write(test, to: "test.tsv")
    let outcome = try GPUALSProgram.run(
      [
        "train", "ratings.tsv", "--model", "model", "--device", "reference", "--rank", "4", "--iterations", "3",
        "--quiet",
      ]
        + more, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return workspace
  }

  private func evaluate(_ more: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(["evaluate", "--model", "model", "--test", "test.tsv"] + more, in: workspace)
  }

  private static let expected = [
    ("rmse", 1.306702297), ("mae", 0.936384642), ("auc", 0.664970283), ("precision@5", 0.326666667),
    ("recall@5", 0.406111111), ("ndcg@5", 0.351257438), ("map@5", 0.260925926), ("novelty@5", 0.874237802),
    ("coverage@5", 0.875),
  ]

  @Test func `all metrics are those of the libraries`() throws {
    let names = Self.expected.map(\.0).joined(separator: ",")
    let outcome = try evaluate(["--metrics", names, "--relevant-from", "4", "--json"], in: Self.workspace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    for (name, value) in Self.expected {
      let found = try #require(json[name]?.number, "\(name)")
      #expect(abs(found - value) < 1e-6, "\(name): \(found)")
    }
    #expect(json["users"] == .number(30))
  }

  @Test func `metrics stand in the order asked for, ten items where no number is given`() throws {
    let outcome = try evaluate(["--metrics", "map,rmse,auc"], in: Self.workspace())
    let names = outcome.output.split(separator: "\n").map { $0.split(separator: " ")[0] }
    #expect(names == ["metric", "map@10", "rmse", "auc", "pairs", "users"], "\(outcome.output)")
  }

  @Test func `training ratings that the model does not keep can be given`() throws {
    let metrics = ["--metrics", "ndcg@5,auc,novelty@5", "--relevant-from", "4", "--json"]
    let kept = try evaluate(metrics, in: Self.workspace())
    let workspace = try Self.workspace(["--no-keep-ratings"])
    let given = try evaluate(metrics + ["--train", "ratings.tsv"], in: workspace)
    #expect(given.output == kept.output)
    let without = try evaluate(metrics, in: workspace)
    #expect(without.errors.contains("--train"), "\(without.errors)")
    let json = try JSONValue(parsing: without.output)
    #expect(json["novelty@5"] == nil, "no number is not in JSON")
    #expect(json["ndcg@5"] != (try JSONValue(parsing: kept.output))["ndcg@5"])
    // The same with all ratings known, but ranked.
    let included = try evaluate(metrics + ["--include-seen"], in: Self.workspace())
    #expect(try JSONValue(parsing: included.output)["ndcg@5"] == json["ndcg@5"])
    #expect(try JSONValue(parsing: included.output)["auc"] == json["auc"])
  }

  @Test func `test ratings that were trained on are nothing to recommend`() throws {
    let workspace = try Self.workspace()
    let all = try GPUALSProgram.run(
      ["evaluate", "--model", "model", "--test", "ratings.tsv", "--metrics", "recall"], in: workspace)
    #expect(all.status == 65)
    #expect(all.errors.contains("--include-seen"), "\(all.errors)")
    let none = try evaluate(["--metrics", "recall", "--relevant-from", "6"], in: workspace)
    #expect(none.status == 65)
  }

  @Test(arguments: ["precision@0", "ndcg@", "ndcg@ten", "auc@5", "map@5@5", "", "recall@99999999999"])
  func `a metric that is none is refused`(name: String) throws {
    let outcome = try evaluate(["--metrics", "rmse,\(name)"], in: Self.workspace())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("precision@K"), "\(outcome.errors)")
  }
}
