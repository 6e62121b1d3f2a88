import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store that speaks the language of S3 on this machine (moto's server), with the real client in front of it. Its buckets live as
/// long as the tests.
enum ObjectStore {
  /// Why there is none, if so: `scripts/test` installs both programs and says where by GPUALS_MOTO.
  static let absence = "there is no moto_server and aws to test S3 with: run scripts/test, which installs them"

  /// Whether there is one.
  static var isThere: Bool { port != nil || getenv("GPUALS_REQUIRE_MOTO") != nil }

  /// What tells programs to use it.
  static var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port ?? 0)", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
      "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2",
      "PATH": path,
    ]
  }

  /// The directories of programs, those of the test's own first.
  static var path: String {
    let own = getenv("GPUALS_MOTO").map { String(cString: $0) + ":" } ?? ""
    return own + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")
  }

  /// Runs the client.
  @discardableResult
  static func aws(_ arguments: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    let outcome = try run(["aws"] + arguments, in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    return outcome
  }

  /// Makes a bucket of a test's own, and puts files of its workspace into it.
  static func bucket(_ name: String, files: [String: String], in workspace: Workspace) throws {
    try aws(["s3", "mb", "s3://\(name)"], in: workspace)
    for (file, key) in files {
      try aws(["s3", "cp", "--only-show-errors", file, "s3://\(name)/\(key)"], in: workspace)
    }
  }

  private static func run(_ words: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try RunningProgram(
      path: "/usr/bin/env", arguments: words, directory: workspace.path, input: "", environment: environment
    ).wait()
  }

  /// Where the server listens; it is started once, and ends with this process.
  private static let port: Int? = {
    guard let workspace = try? Workspace(), let port = freePort() else { return nil }
    // A shell waits for the end of its standard input, which comes when this process is gone, however it goes.
    var pipe: [Int32] = [0, 0]
    guard closingPipe(&pipe) == 0 else { return nil }
    let script =
      "moto_server -H 127.0.0.1 -p \(port) >/dev/null 2>&1 & server=$!; cat >/dev/null; kill $server"
    guard start(script, input: pipe[0]) else { return nil }
    close(pipe[0])
    for _ in 0..<300 {
      if answers(port) { return port }
      usleep(100_000)
    }
    return nil
  }()

  private static func closingPipe(_ ends: inout [Int32]) -> Int32 {
    let result = pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return result
  }

  private static func start(_ script: String, input: Int32) -> Bool {
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
    // Threads of the tests block signals, and the server would inherit that: SIGTERM could not end it.
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    let command = "command -v moto_server >/dev/null && command -v aws >/dev/null || exit 1\n\(script)"
    let texts: [String] = ["sh", "-c", command]
    let settings: [String] = ["PATH=\(path)", "HOME=/tmp"]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var id: pid_t = 0
    return posix_spawn(&id, "/bin/sh", &actions, &attributes, &words, &variables) == 0 && programsAreThere
  }

  private static var programsAreThere: Bool {
    path.split(separator: ":").contains { access("\($0)/moto_server", X_OK) == 0 }
      && path.split(separator: ":").contains { access("\($0)/aws", X_OK) == 0 }
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    return address
  }

  private static func withSocket<Value>(_ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Value)
    -> Value
  {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    defer { close(descriptor) }
    var address = address(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func freePort() -> Int? {
    withSocket(0) { descriptor, address, length in
      guard bind(descriptor, address, length) == 0 else { return nil }
      var bound = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = withUnsafeMutablePointer(to: &bound) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
      }
      return status == 0 ? Int(in_port_t(bigEndian: bound.sin_port)) : nil
    }
  }

  private static func answers(_ port: Int) -> Bool {
    withSocket(port) { descriptor, address, length in connect(descriptor, address, length) == 0 }
  }
}
