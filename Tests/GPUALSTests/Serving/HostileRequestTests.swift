import Testing

@Suite struct `Hostile requests` {
  @Test func `are refused, each for what it is, and the service lives`() throws {
    #expect(HostileRequest.all.count >= 40)
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(
      ["--model", "model", "--max-body", "10000", "--timeout", "1"], in: workspace)
    for request in HostileRequest.all {
      let connection = try HTTPConnection(port: service.port)
      connection.send(request.bytes)
      let answer = connection.receive()
      let status = answer?.status ?? 0
      #expect(request.statuses.contains(status), "\(request.name): \(status) \(answer?.body ?? "")")
      // The parser of HTTP itself answers without words.
      if let body = answer?.body, !body.isEmpty {
        guard case .text(let text)? = try JSONValue(parsing: body)["error"] else {
          Issue.record("\(request.name): \(body)")
          continue
        }
        #expect(text.contains(": ") || text.contains("must be"), "it should say what to do: \(text)")
      }
      #expect(try service.get("/healthz").status == 200, "after \(request.name)")
    }
    let metrics = try service.get("/metrics").body
    #expect(!metrics.contains("status=\"5"))
    #expect(try service.stop().status == 0)
  }

  @Test func `connections that say nothing do not stay`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(["--model", "model", "--timeout", "0.3"], in: workspace)
    let silent = try (0..<20).map { _ in try HTTPConnection(port: service.port) }
    silent[0].send("GET /healthz HTTP/1.1\r\nHos")
    for connection in silent { #expect(connection.receive() == nil) }
    #expect(try service.get("/healthz").status == 200)
  }
}
