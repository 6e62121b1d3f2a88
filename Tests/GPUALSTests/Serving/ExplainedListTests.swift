import Testing

@Suite struct `Reasons and histories` {
  @Test(arguments: [
    [], ["--biases"], ["--nonnegative"], ["--biases", "--nonnegative"], ["--implicit", "--alpha", "3"],
  ])
  func `are those of gpuals explain`(_ options: [String]) throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"] + options)
    let service = try ServeProgram(in: workspace)
    for user in ["1", "8"] {
      let answer = try service.get("/v1/users/\(user)/recommendations?n=3&explain=2&exclude_seen=false")
      let list = try answer.json["recommendations"]?.elements ?? []
      #expect(answer.status == 200 && list.count == 3)
      for entry in list {
        let item = try #require(entry["item"]?.text)
        let outcome = try GPUALSProgram.run(
          [
            "explain", "--model", "model", "--user", user, "--item", item, "-n", "2", "--output", "why.jsonl",
            "--quiet",
          ],
          in: workspace)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let expected = try workspace.read("why.jsonl").split(separator: "\n")
          .map { try JSONValue(parsing: String($0)) }.filter { ($0["contribution"]?.number ?? 0) > 0 }
        let reasons = entry["because"]?.elements ?? []
        #expect(reasons.count == expected.count)
        for (reason, wanted) in zip(reasons, expected) {
          #expect(reason["item"] == wanted["item"] && reason["rating"] == wanted["rating"])
          let (value, right) = (reason["contribution"]?.number ?? .nan, wanted["contribution"]?.number ?? .nan)
          #expect(abs(value - right) <= 1e-9 * max(1, abs(right)))
          if case .text? = wanted["name"] { #expect(reason["name"] == wanted["name"]) }
        }
      }
    }
  }

  @Test func `come when they are asked for, as many as are asked for`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(in: workspace)
    func counts(_ answer: HTTPAnswer) throws -> [Int?] {
      #expect(answer.status == 200, "\(answer.body)")
      return try answer.json["recommendations"]?.elements.map { $0["because"]?.elements.count } ?? []
    }
    let ratings = #""ratings":[{"item":"101","rating":5},{"item":"102","rating":4},{"item":"103","rating":5}]"#
    func folded(_ more: String) throws -> [Int?] {
      try counts(service.ask("POST", "/v1/recommendations", body: "{\(ratings),\"n\":1\(more)}"))
    }
    #expect(try counts(service.get("/v1/users/1/recommendations?n=1")) == [nil])
    #expect(try counts(service.get("/v1/users/1/recommendations?n=1&explain=0")) == [nil])
    #expect(try counts(service.get("/v1/users/1/recommendations?n=1&explain=1")) == [1])
    #expect(try folded(#","explain":0"#) == [nil])
    #expect(try folded(#","explain":1"#) == [1])
    #expect(try folded("") == folded(#","explain":3"#))
    let invoked = try service.ask(
      "POST", "/invocations", body: "{\"instances\":[{\"user\":1},{\(ratings)}],\"n\":1,\"explain\":1}")
    for prediction in try invoked.json["predictions"]?.elements ?? [] {
      #expect(prediction["recommendations"]?.elements.first?["because"]?.elements.count == 1)
    }
  }

  @Test func `a history is what was rated, the highest first`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let service = try ServeProgram(in: workspace)
    let rows = SampleWorkspace.ratings.split(separator: "\n").map { $0.split(separator: "\t") }
      .filter { $0[0] == "3" }
    let answer = try service.get("/v1/users/3/ratings?n=100")
    #expect(answer.status == 200)
    #expect(try answer.json["user"] == .text("3") && answer.json["count"] == .number(Double(rows.count)))
    let list = try answer.json["ratings"]?.elements ?? []
    #expect(
      Set(list.map { "\($0["item"]?.text ?? "") \(Int($0["rating"]?.number ?? -1))" })
        == Set(rows.map { "\($0[1]) \($0[2])" }))
    let values = list.compactMap { $0["rating"]?.number }
    #expect(values == values.sorted(by: >))
    #expect(list.first { $0["item"] == .text("102") }?["name"] == .text("Bobby \"O\""))
    #expect(try service.get("/v1/users/3/ratings?n=2").json["ratings"]?.elements == Array(list.prefix(2)))
  }

  @Test func `a model that keeps no ratings has neither, and says so`() throws {
    let service = try ServeProgram(in: SampleWorkspace.trained(["--no-keep-ratings"]))
    let answer = try service.get("/v1/users/1/recommendations?n=2&explain=3")
    #expect(answer.status == 200)
    #expect(try answer.json["recommendations"]?.elements.allSatisfy { $0["because"] == nil } == true)
    let refused = try service.get("/v1/users/1/ratings")
    #expect(refused.status == 404 && refused.body.contains("--no-keep-ratings"))
    #expect(try service.get("/v1/users/nobody/ratings").body.contains("knows no user"))
    #expect(try service.get("/v1/model").json["keeps_ratings"] == .bool(false))
  }

  @Test func `an item is found by its id`() throws {
    let service = try ServeProgram(in: SampleWorkspace.trained(["--item-names", "names.tsv"]))
    let item = try service.get("/v1/items/102").json
    #expect(item["item"] == .text("102") && item["name"] == .text("Bobby \"O\"") && item["ratings"] == .number(9))
    #expect(try service.get("/v1/items/109").json["name"] == nil)
  }
}
