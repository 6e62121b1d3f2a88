import Testing

@Suite struct `Exporting to QuickSight` {
  private func export(_ more: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(
      ["export", "--model", "model", "--to", "quicksight", "--device", "reference"] + more, in: workspace)
  }

  @Test func `each data set is a table with a manifest that refers to it`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv", "--holdout", "0.1"])
    try workspace.write("3\t101\t4\n7\t105\t5\n", to: "test.tsv")
    let outcome = try export(
      ["--output", "dash/board", "--s3-prefix", "s3://bucket/board", "--test", "test.tsv", "-n", "2"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = ["evaluation", "items", "recommendations", "training", "users"]
    #expect(workspace.entries("dash/board") == names.flatMap { ["\($0).csv", "\($0).manifest.json"] })
    for name in names {
      let manifest = try JSONValue(parsing: workspace.read("dash/board/\(name).manifest.json"))
      #expect(
        manifest["fileLocations"]?.elements.map { $0["URIs"]?.elements } == [[.text("s3://bucket/board/\(name).csv")]])
      let settings = try #require(manifest["globalUploadSettings"])
      #expect(settings["format"] == .text("CSV") && settings["delimiter"] == .text(","))
      #expect(settings["textqualifier"] == .text("\"") && settings["containsHeader"] == .text("true"))
      let bytes = try workspace.readBytes("dash/board/\(name).csv")
      #expect(!bytes.starts(with: [0xef, 0xbb, 0xbf]) && String(validating: bytes, as: UTF8.self) != nil)
      let lines = try workspace.read("dash/board/\(name).csv").split(separator: "\n")
      #expect(lines.count > 1, "\(name)")
    }
    // The lists are those of recommend, all users' ratings are counted, and so is every iteration.
    let lists = try GPUALSProgram.run(["recommend", "--model", "model", "--all", "-n", "2"], in: workspace)
    #expect(
      try workspace.read("dash/board/recommendations.csv").split(separator: "\n").count
        == lists.output.split(separator: "\n").count)
    let users = try workspace.read("dash/board/users.csv").split(separator: "\n").dropFirst()
    let ratings = users.compactMap { Int($0.split(separator: ",")[1]) }.reduce(0, +)
    #expect(try JSONValue(parsing: workspace.read("model/model.json"))["ratings"]?.number == Double(ratings))
    #expect(try workspace.read("dash/board/training.csv").split(separator: "\n").count == 5)
    let evaluation = try workspace.read("dash/board/evaluation.csv")
    for metric in ["rmse", "mae", "precision@10", "auc"] { #expect(evaluation.contains("\n\(metric),")) }
  }

  @Test func `without a place in S3 there is nothing for it to read`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try export(["--output", "dash"], in: workspace)
    #expect(outcome.status == 64 && outcome.errors.contains("--s3-prefix"), "\(outcome.errors)")
    #expect(!workspace.exists("dash"))
    let other = try GPUALSProgram.run(
      ["export", "--model", "model", "--to", "implicit", "--test", "ratings.tsv", "--output", "m.npz"], in: workspace)
    #expect(other.status == 64)
  }
}
