#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process with its streams in files.
struct RunningProgram {
  /// A failure of the test's own machinery.
  struct Failure: Error {
    var what: String
  }

  /// The process.
  let id: pid_t
  private let streams: Workspace

  init(path: String, arguments: [String], directory: String, input: String, environment: [String: String]) throws {
    streams = try Workspace()
    try streams.write(input, to: "stdin")

    let streams = streams
    // A shell sets the working directory, for which posix_spawn has no portable way, and becomes the program.
    let (id, status) = Spawn.shell(
      ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory, path] + arguments,
      environment: Self.environment(with: environment)
    ) { actions in
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams.file("stdin"), O_RDONLY, 0)
      for (descriptor, name) in [(STDOUT_FILENO, "stdout"), (STDERR_FILENO, "stderr")] {
        posix_spawn_file_actions_addopen(&actions, descriptor, streams.file(name), O_WRONLY | O_CREAT, 0o600)
      }
    }
    guard status == 0 else { throw Failure(what: "cannot start \(path): \(String(cString: strerror(status)))") }
    self.id = id
  }

  /// Waits for the end.
  func wait() throws -> GPUALSProgram.Outcome {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(what: "waitpid failed") }
    }
    let signal = status & 0x7f
    return GPUALSProgram.Outcome(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: try streams.read("stdout"),
      errors: try streams.read("stderr"))
  }

  /// What it has written to stderr so far.
  var errorsSoFar: String { (try? streams.read("stderr")) ?? "" }

  /// Waits until stderr holds a text, for at most a minute.
  func waitForErrors(containing text: String) throws {
    for _ in 0..<6000 {
      if errorsSoFar.contains(text) { return }
      usleep(10_000)
    }
    throw Failure(what: "\"\(text)\" never appeared on stderr: \(errorsSoFar)")
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(id, signal) }

  private static func environment(with added: [String: String]) -> [String] {
    var variables: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      let name = text.prefix { $0 != "=" }
      if added[String(name)] == nil { variables.append(text) }
      next += 1
    }
    return variables + added.map { "\($0.key)=\($0.value)" }
  }
}
