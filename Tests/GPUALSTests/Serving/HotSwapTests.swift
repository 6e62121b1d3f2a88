import Dispatch
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `A model that changes under the service` {
  @Test func `takes the place of the old one without a failed request`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(["--model", "model", "--watch", "0.05"], in: workspace)
    let port = service.port
    let isDone = Mutex(false)
    let outcomes = Mutex<(answered: Int, failed: [String])>((0, []))
    let clients = DispatchGroup()
    for client in 0..<4 {
      DispatchQueue.global().async(group: clients) {
        do {
          let connection = try HTTPConnection(port: port)
          while !isDone.withLock({ $0 }) {
            let answer =
              client % 2 == 0
              ? try connection.ask("GET", "/v1/users/\(client + 1)/recommendations")
              : try connection.ask(
                "POST", "/v1/recommendations", body: #"{"ratings":[{"item":"101","rating":5}]}"#)
            outcomes.withLock { outcomes in
              outcomes.answered += 1
              if answer.status != 200 { outcomes.failed.append("\(answer.status) \(answer.body)") }
            }
          }
        } catch {
          outcomes.withLock { $0.failed.append("\(error)") }
        }
      }
    }
    var failure: (any Error)?
    do {
      for swap in 1...10 {
        // Beside other tests the clients may get their threads late: a swap counts only while they ask.
        let before = outcomes.withLock { $0.answered }
        try wait { outcomes.withLock { $0.answered > before || !$0.failed.isEmpty } }
        let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--seed", "\(swap)"], in: workspace)
        #expect(outcome.status == 0, "\(outcome.errors)")
        try wait { try service.get("/healthz").json["generation"] == .number(Double(swap + 1)) }
      }
    } catch {
      failure = error
    }
    isDone.withLock { $0 = true }
    clients.wait()
    if let failure { throw failure }
    let (answered, failed) = outcomes.withLock { $0 }
    #expect(failed.isEmpty && answered > 0)
    #expect(try service.get("/metrics").body.contains("gpuals_model_swaps_total 10"))
    #expect(try service.stop().status == 0)
  }

  @Test func `stays out if it is damaged, and the old one serves on`() throws {
    let workspace = try SampleWorkspace.trained()
    let service = try ServeProgram(["--model", "model", "--watch", "0.05"], in: workspace)
    let before = try service.get("/v1/users/1/recommendations").body
    let manifest = try workspace.read("model/model.json")
    try workspace.write("{", to: "model/model.json")
    try service.program.waitForErrors(containing: "the old one stays")
    #expect(try service.get("/v1/users/1/recommendations").body == before)
    #expect(try service.get("/metrics").body.contains("gpuals_model_swap_failures_total"))
    // Mended, it is taken up.
    try workspace.write(manifest, to: "model/model.json")
    try wait { try service.get("/healthz").json["generation"] == .number(2) }
  }

  private func wait(_ condition: () throws -> Bool) throws {
    for _ in 0..<6000 {
      if try condition() { return }
      usleep(10_000)
    }
    throw RunningProgram.Failure(what: "it never came to be")
  }
}
