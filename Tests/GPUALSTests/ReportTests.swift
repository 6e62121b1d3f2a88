import Testing

@Suite struct `Reporting on a model` {
  private func report(_ more: [String] = [], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(["report", "--model", "model", "--output", "report.html"] + more, in: workspace)
  }

  @Test func `one file shows what was learned and what is recommended`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv", "--holdout", "0.1"])
    let outcome = try report(in: workspace)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    let html = try workspace.read("report.html")
    for heading in [
      "Learning curve", "Ratings", "Activity of users", "Error by activity of users", "Popularity and recommendations",
      "Coverage", "Recommendations", "Neighbourhoods", "Parameters and timings",
    ] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(html.contains("Étude") && html.contains("Bobby &quot;O&quot;"))
    #expect(!html.contains("<h2>Trials</h2>"))
    #expect(html.contains("held out, iteration 4:"))
    #expect(workspace.entries() == ["model", "names.tsv", "ratings.tsv", "report.html"])
    #expect(try report(in: workspace).status == 0)
    #expect(try workspace.read("report.html") == html, "the same model gives the same page")
  }

  @Test func `its lists are those of recommend and similar`() throws {
    let workspace = try SampleWorkspace.trained()
    #expect(try report(["--users", "3,9", "--items", "105", "-n", "2"], in: workspace).status == 0)
    let html = try workspace.read("report.html")
    for user in ["3", "9"] {
      let lists = try GPUALSProgram.run(
        ["recommend", "--model", "model", "--user", user, "-n", "2"], in: workspace)
      let items = lists.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
      #expect(items.count == 2)
      let section = try #require(html.split(separator: "User \(user), ").last)
      for item in items { #expect(section.contains("item \(item)<")) }
    }
    let similar = try GPUALSProgram.run(["similar", "--model", "model", "--item", "105", "-n", "1"], in: workspace)
    let nearest = try #require(similar.output.split(separator: "\n").last?.split(separator: ",")[1])
    #expect(html.contains("<caption>item 105</caption><tbody><tr><td>item \(nearest)</td>"))
  }

  @Test func `held-out ratings, trials and an implicit model are told too`() throws {
    let workspace = try SampleWorkspace.make()
    let tune = try GPUALSProgram.run(
      [
        "tune", "ratings.tsv", "--implicit", "--alpha", "1,5", "--rank", "2", "--model", "model", "--device",
        "reference",
        "--holdout", "0.2", "--metric", "auc",
      ], in: workspace)
    #expect(tune.status == 0, "\(tune.errors)")
    try workspace.write("1\t105\t4\n2\t106\t4\n", to: "test.tsv")
    let outcome = try report(["--test", "test.tsv", "--title", "A <b>"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let html = try workspace.read("report.html")
    #expect(html.contains("<h2>Trials</h2>") && html.contains("of 2 ratings") && html.contains("<h1>A &lt;b&gt;</h1>"))
    // A model of other parameters is not that of the search.
    let train = try GPUALSProgram.run(SampleWorkspace.train, in: workspace)
    #expect(train.status == 0)
    #expect(try report(in: workspace).status == 0)
    #expect(try !workspace.read("report.html").contains("<h2>Trials</h2>"))
  }

  @Test func `without training ratings the rest is shown`() throws {
    let workspace = try SampleWorkspace.trained(["--no-keep-ratings"])
    let bare = try report(in: workspace)
    #expect(bare.status == 0 && bare.errors.contains("--ratings"), "\(bare.errors)")
    let html = try workspace.read("report.html")
    #expect(!html.contains("<h2>Ratings</h2>") && html.contains("<h2>Recommendations</h2>"))
    #expect(try report(["--ratings", "ratings.tsv"], in: workspace).status == 0)
    #expect(try workspace.read("report.html").contains("<h2>Ratings</h2>"))
  }

  @Test func `names cannot become markup`() throws {
    let workspace = try SampleWorkspace.make()
    try workspace.write("101\t<script>alert(1)</script>\n102\t</title><b>\n", to: "names.tsv")
    let train = try GPUALSProgram.run(SampleWorkspace.train + ["--item-names", "names.tsv"], in: workspace)
    #expect(train.status == 0)
    #expect(try report(["--items", "101,102"], in: workspace).status == 0)
    let html = try workspace.read("report.html")
    #expect(!html.contains("<script") && !html.contains("</title><b>") && html.contains("&lt;script&gt;"))
  }

  @Test func `what cannot be is refused, and nothing is written`() throws {
    let workspace = try SampleWorkspace.trained()
    #expect(try report(["--users", "nobody"], in: workspace).status == 65)
    #expect(try report(["-n", "0"], in: workspace).status == 64)
    #expect(try report(["--test", "missing.tsv"], in: workspace).status == 66)
    #expect(workspace.entries() == ["model", "names.tsv", "ratings.tsv"])
    let nowhere = try GPUALSProgram.run(
      ["report", "--model", "model", "--output", "missing/report.html"], in: workspace)
    #expect(nowhere.status == 73, "\(nowhere.errors)")
  }
}
