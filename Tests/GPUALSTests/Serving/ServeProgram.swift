#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `gpuals serve`, running on a port of its own.
final class ServeProgram {
  /// Where it listens.
  let port: Int
  /// The process.
  let program: RunningProgram
  private var isOver = false

  /// Starts it, and waits until it listens.
  init(
    _ arguments: [String] = ["--model", "model"], in workspace: Workspace, environment: [String: String] = [:],
    port: String? = "0"
  ) throws {
    let program = try GPUALSProgram.start(
      ["serve"] + arguments + (port.map { ["--port", $0] } ?? []), in: workspace, environment: environment)
    self.program = program
    do {
      try program.waitForErrors(containing: "\"listening\"")
    } catch {
      program.send(SIGKILL)
      throw error
    }
    // The line may be there in part.
    try program.waitForErrors(containing: "\"rank\":")
    let line = program.errorsSoFar.split(separator: "\n").first { $0.contains("\"listening\"") } ?? ""
    self.port = Int(try JSONValue(parsing: String(line))["port"]?.number ?? 0)
  }

  deinit {
    guard !isOver else { return }
    program.send(SIGKILL)
    _ = try? program.wait()
  }

  /// Asks on a connection of its own.
  func ask(_ method: String, _ target: String, headers: [String] = [], body: String? = nil) throws -> HTTPAnswer {
    try HTTPConnection(port: port).ask(method, target, headers: headers, body: body)
  }

  /// Asks for what stands at a place.
  func get(_ target: String, headers: [String] = []) throws -> HTTPAnswer {
    try ask("GET", target, headers: headers)
  }

  /// Ends it.
  func stop(_ signal: Int32 = SIGTERM) throws -> GPUALSProgram.Outcome {
    program.send(signal)
    isOver = true
    return try program.wait()
  }
}
