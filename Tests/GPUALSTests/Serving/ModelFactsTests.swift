import Testing

@Suite struct `What the service says of its model` {
  /// The ratings of a model that stars stand for.
  private func stars(ratings: [Double], _ options: [String] = []) throws -> [Double] {
    let workspace = try Workspace()
    var rows = ""
    for user in 1...6 {
      for (place, rating) in ratings.enumerated() { rows += "\(user)\t\(100 + (place + user) % 8)\t\(rating)\n" }
    }
    try workspace.write(rows, to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + options, in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    let facts = try ServeProgram(in: workspace).get("/v1/model").json
    return facts["stars"]?.elements.compactMap(\.number) ?? []
  }

  @Test func `is its size, its parameters and its age`() throws {
    let workspace = try SampleWorkspace.trained()
    let facts = try ServeProgram(["--model", "model", "--max-n", "77"], in: workspace).get("/v1/model").json
    let count = Double(SampleWorkspace.ratings.split(separator: "\n").count)
    for (name, value) in [
      ("users", 12), ("items", 9), ("rank", 3), ("ratings", count), ("generation", 1), ("list_limit", 77),
    ] as [(String, Double)] {
      #expect(facts[name] == .number(value), "\(name)")
    }
    #expect(facts["feedback"] == .text("explicit") && facts["keeps_ratings"] == .bool(true))
    #expect(facts["example_users"] == .array([.text("1"), .text("2"), .text("3")]))
    let written = try #require(facts["written"]?.text)
    #expect(written.wholeMatch(of: #/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
  }

  @Test func `stars stand for fifths of the scale`() throws {
    #expect(try stars(ratings: [0, 30, 90, 100]) == [20, 40, 60, 80, 100])
    #expect(try stars(ratings: [1, 3, 5, 4]) == [1, 2, 3, 4, 5])
    #expect(try stars(ratings: [0.5, 3, 4.5, 5]) == [1, 2, 3, 4, 5])
    #expect(try stars(ratings: [1, 7, 10, 4]) == [2, 4, 6, 8, 10])
    #expect(try stars(ratings: [-10, 3, 10, 4]) == [-10, -5, 0, 5, 10])
    #expect(try stars(ratings: [60, 80, 100, 70]) == [60, 70, 80, 90, 100])
    #expect(try stars(ratings: [3, 3, 3, 3]) == [3])
  }

  @Test func `stars stand for more or less evidence in implicit training`() throws {
    #expect(try stars(ratings: [1, 1, 1, 1], ["--implicit"]) == [1])
    let counts = try stars(ratings: [1, 2, 4, 8, 16, 32, 64], ["--implicit"])
    #expect(counts == [1, 4, 8, 16, 64])
    #expect(try stars(ratings: [1, 9, 9, 9], ["--implicit", "--no-keep-ratings"]) == [1])
  }

  @Test func `stars go by the scores where no ratings are kept`() throws {
    #expect(try stars(ratings: [70, 90, 95, 100], ["--no-keep-ratings"]) == [20, 40, 60, 80, 100])
    #expect(try stars(ratings: [4, 5, 5, 4], ["--no-keep-ratings"]) == [1, 2, 3, 4, 5])
  }
}
