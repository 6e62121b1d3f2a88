import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `The service` {
  private func lines(_ workspace: Workspace, _ name: String) throws -> [JSONValue] {
    try workspace.read(name).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  private func list(_ value: JSONValue?) -> [String] {
    (value?.elements ?? []).map { entry in
      "\(entry["item"] ?? .null) \(Float(entry["score"]?.number ?? .nan)) \(entry["name"] ?? .null)"
    }
  }

  @Test(arguments: [[], ["--biases"], ["--implicit", "--alpha", "3"]])
  func `recommends what gpuals recommend does`(_ options: [String]) throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"] + options)
    let service = try ServeProgram(in: workspace)
    for (extra, query) in [([], ""), (["--include-seen"], "&exclude_seen=false")] as [([String], String)] {
      let outcome = try GPUALSProgram.run(
        ["recommend", "--model", "model", "--all", "-n", "4", "--output", "lists.jsonl", "--quiet"] + extra,
        in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for line in try lines(workspace, "lists.jsonl") {
        guard case .text(let user)? = line["user"] else { throw RunningProgram.Failure(what: "no user") }
        let answer = try service.get("/v1/users/\(user)/recommendations?n=4\(query)")
        #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
        #expect(list(try answer.json["recommendations"]) == list(line["recommendations"]))
        #expect(try answer.json["user"] == .text(user))
      }
    }
    #expect(try service.stop().status == 0)
  }

  @Test func `lists similar items as gpuals similar does`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let service = try ServeProgram(in: workspace)
    let outcome = try GPUALSProgram.run(
      ["similar", "--model", "model", "--item", "101", "-n", "5", "--output", "similar.jsonl"], in: workspace)
    #expect(outcome.status == 0)
    let answer = try service.get("/v1/items/101/similar?n=5")
    #expect(list(try answer.json["similar"]) == list(.array(try lines(workspace, "similar.jsonl"))))
    #expect(try answer.json["name"] == .text("Étude"))
  }

  @Test func `predicts as gpuals predict does`() throws {
    let workspace = try SampleWorkspace.trained(["--biases"])
    let service = try ServeProgram(in: workspace)
    try workspace.write("3\t107\n", to: "pairs.tsv")
    let outcome = try GPUALSProgram.run(["predict", "--model", "model", "pairs.tsv"], in: workspace)
    let expected = outcome.output.split(separator: "\n").last?.split(separator: ",").last.flatMap { Float($0) }
    let answer = try service.get("/v1/predictions?user=3&item=107")
    let predicted = try answer.json["prediction"]?.number.map { Float($0) }
    #expect(expected != nil && predicted == expected)
  }

  @Test func `finds items by a piece of their name, and by id`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let service = try ServeProgram(in: workspace)
    func found(_ query: String) throws -> [JSONValue?] {
      try service.get("/v1/items?query=\(query)&n=5").json["items"]?.elements.map { $0["item"] } ?? []
    }
    #expect(try found("etude") == [.text("101")])
    #expect(try found("%C3%89TUDE") == [.text("101")])
    #expect(try found("tud") == [.text("101")])
    #expect(try found("TWIN") == [.text("103"), .text("104")])
    #expect(try found("107") == [.text("107")])
    #expect(try found("nothing") == [])
    #expect(try found("%0A") == [])
    // What begins with it comes before what holds it, however popular: "Six", "Seven" before "Bobby …" with none.
    #expect(try found("s").prefix(2).contains(.text("106")))
    // Without a query the most rated.
    #expect(try service.get("/v1/items?n=1").json["items"]?.elements.first?["item"] == .text("109"))
  }

  @Test func `takes ids of any characters`() throws {
    let workspace = try Workspace()
    let ids = ["a/b", "ä ö", "50%", "x+y", "?q=1", "..", "#1"]
    var rows = ""
    for user in ids {
      for (place, item) in ids.enumerated() where item != user { rows += "\(user)\t\(item)\t\(place)\n" }
    }
    try workspace.write(rows, to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let service = try ServeProgram(in: workspace)
    for id in ids {
      let encoded = id.utf8.map { byte in "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
      let answer = try service.get("/v1/users/\(encoded)/recommendations")
      #expect(answer.status == 200, "\(id): \(answer.body)")
      #expect(try answer.json["user"] == .text(id))
      #expect(try answer.json["recommendations"]?.elements.map { $0["item"] } == [.text(id)])
    }
  }

  @Test func `answers HEAD as GET, but for the body`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(in: workspace)
    let open = try HTTPConnection(port: service.port)
    let whole = try open.ask("GET", "/v1/items")
    let head = try open.ask("HEAD", "/v1/items")
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.headers["content-length"] == whole.headers["content-length"])
    #expect(try open.ask("HEAD", "/nowhere").status == 404)
    #expect(try open.ask("HEAD", "/v1/recommendations").status == 405)
    #expect(try open.ask("GET", "/v1/items").body == whole.body)
  }

  @Test func `wants the token for all but health`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("s3cret-token\n", to: "token")
    let service = try ServeProgram(["--model", "model", "--token-file", "token"], in: workspace)
    #expect(try service.get("/healthz").status == 200)
    for target in ["/v1/items", "/metrics", "/openapi.json", "/nowhere", "/%"] {
      let refused = try service.get(target)
      #expect(refused.status == 401 && refused.headers["www-authenticate"] == "Bearer")
      #expect(try refused.json["error"] != nil)
      for wrong in ["Bearer s3cret-toke", "Bearer s3cret-token1", "Bearer ", "Basic s3cret-token", "s3cret-token"] {
        #expect(try service.get(target, headers: ["Authorization: \(wrong)"]).status == 401)
      }
    }
    #expect(try service.get("/v1/items", headers: ["Authorization: Bearer s3cret-token"]).status == 200)
    #expect(!service.program.errorsSoFar.contains("s3cret"))
  }

  @Test func `counts what it answers, and describes itself`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(in: workspace)
    #expect(try service.get("/v1/users/1/recommendations").status == 200)
    #expect(try service.get("/v1/users/none/recommendations").status == 404)
    let metrics = try service.get("/metrics")
    #expect(metrics.headers["content-type"]?.hasPrefix("text/plain") == true)
    for line in [
      "gpuals_http_requests_total{route=\"/v1/users/{id}/recommendations\",status=\"200\"} 1",
      "gpuals_http_requests_total{route=\"/v1/users/{id}/recommendations\",status=\"404\"} 1",
      "gpuals_http_request_duration_seconds_count{route=\"/v1/users/{id}/recommendations\"} 2",
      "gpuals_model_generation 1", "process_resident_memory_bytes",
    ] {
      #expect(metrics.body.contains(line))
    }
    let document = try service.get("/openapi.json").json
    #expect(document["openapi"] == .text("3.1.0"))
    // What it describes is there, and asks for the method that it names.
    for path in document["paths"]?.keys ?? [] {
      let method = document["paths"]?[path]?["get"] == nil ? "GET" : "POST"
      let target = path.replacing("{id}", with: "1")
      #expect(try service.ask(method, target, body: method == "POST" ? "" : nil).status == 405, "\(path)")
    }
    // Each line of the log is an object of its own.
    for line in service.program.errorsSoFar.split(separator: "\n") { _ = try JSONValue(parsing: String(line)) }
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `finishes what is under way when it is asked to stop`(_ signal: Int32) throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(in: workspace)
    let body = #"{"ratings":[{"item":"101","rating":5}]}"#
    let connection = try HTTPConnection(port: service.port)
    connection.send("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n{")
    usleep(300_000)
    service.program.send(signal)
    usleep(300_000)
    connection.send(String(body.dropFirst()))
    #expect(connection.receive()?.status == 200)
    let outcome = try service.stop(signal)
    #expect(outcome.status == 0 && outcome.errors.contains("\"stopped\""))
  }

  @Test func `says why it does not start`() throws {
    let workspace = try SampleWorkspace.trained()
    func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> GPUALSProgram.Outcome {
      try GPUALSProgram.run(["serve"] + arguments, in: workspace, environment: environment)
    }
    #expect(try run([]).status == 64)
    #expect(try run(["--model", "model", "--sagemaker"]).status == 64)
    #expect(try run(["--model", "model", "--port", "70000"]).status == 64)
    #expect(try run(["--model", "model", "--watch", "nan"]).status == 64)
    #expect(try run(["--model", "model", "--timeout", "0"]).status == 64)
    #expect(try run(["--sagemaker", "--sagemaker-root", "."], ["SAGEMAKER_BIND_TO_PORT": "http"]).status == 64)
    #expect(try run(["--model", "nowhere"]).status == 66)
    #expect(try run(["--model", "model", "--token-file", "nowhere"]).status == 66)
    try workspace.write(" \n", to: "empty")
    #expect(try run(["--model", "model", "--token-file", "empty"]).status == 65)
    #expect(try run(["--model", "model", "--host", "no.such.host.invalid"]).status == 69)
    let service = try ServeProgram(in: workspace)
    let second = try run(["--model", "model", "--port", "\(service.port)"])
    #expect(second.status == 69 && second.errors.contains("port \(service.port) of 127.0.0.1 is in use"))
    try workspace.write("0123456789", to: "model/item_factors.npy")
    let damaged = try run(["--model", "model"])
    #expect(damaged.status == 65 && damaged.errors.contains("item_factors.npy"))
  }

  @Test func `shows an example in its help`() throws {
    let outcome = try GPUALSProgram.run(["serve", "--help"], in: Workspace())
    #expect(outcome.status == 0 && outcome.output.contains("gpuals serve --model model"))
  }

  @Test func `serves as a SageMaker container does`() throws {
    let workspace = try SampleWorkspace.trained()
    workspace.makeDirectory("opt")
    #expect(rename(workspace.file("model"), workspace.file("opt/model")) == 0)
    let service = try ServeProgram(
      ["--sagemaker", "--sagemaker-root", "opt"], in: workspace, environment: ["SAGEMAKER_BIND_TO_PORT": "0"], port: nil
    )
    #expect(try service.get("/ping").status == 200)
    func invoke(_ body: String) throws -> HTTPAnswer { try service.ask("POST", "/invocations", body: body) }
    let known = try invoke(#"{"user":1,"n":2}"#)
    #expect(try known.json == service.get("/v1/users/1/recommendations?n=2").json)
    let rated = try invoke(#"{"ratings":[{"item":101,"rating":5}],"n":3}"#)
    #expect(
      try rated.json
        == service.ask("POST", "/v1/recommendations", body: #"{"ratings":[{"item":"101","rating":5}],"n":3}"#).json)
    let both = try invoke(#"{"instances":[{"user":"1","n":2},{"ratings":[{"item":"101","rating":5}]}],"n":3}"#)
    #expect(try both.json["predictions"] == .array([known.json, rated.json]))
    #expect(try invoke(#"{"instances":[{"user":"1"},{"user":"none"}]}"#).status == 404)
    #expect(try invoke(#"{"user":"1","ratings":[]}"#).status == 400)
  }
}
