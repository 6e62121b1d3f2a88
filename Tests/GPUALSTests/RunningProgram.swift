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

    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams.file("stdin"), O_RDONLY, 0)
    for (descriptor, name) in [(STDOUT_FILENO, "stdout"), (STDERR_FILENO, "stderr")] {
      posix_spawn_file_actions_addopen(&actions, descriptor, streams.file(name), O_WRONLY | O_CREAT, 0o600)
    }
    // Whoever runs the tests may ignore signals; the program must not inherit that.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

    // A shell sets the working directory, for which posix_spawn has no portable way, and becomes the program.
    let shell = "/bin/sh"
    var words = ([shell, "-c", "cd \"$0\" && exec \"$@\"", directory, path] + arguments).map { strdup($0) } + [nil]
    var variables = Self.environment(with: environment).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var id: pid_t = 0
    let status = posix_spawn(&id, shell, &actions, &attributes, &words, &variables)
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
      if let name = text.split(separator: "=", maxSplits: 1).first, added[String(name)] == nil { variables.append(text) }
      next += 1
    }
    return variables + added.map { "\($0.key)=\($0.value)" }
  }
}
