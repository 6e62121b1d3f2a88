#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A server program of somebody else's on a free port of this machine, which ends with the tests.
enum LocalServer {
  /// Starts a server, and waits until it listens, for at most half a minute.
  ///
  /// - Parameters:
  ///   - command: words of a shell that start it on a port; it finds an empty directory in TMPDIR, which is removed behind it.
  ///   - path: the directories of programs.
  /// - Returns: the port; `nil` if it does not come to listen.
  static func start(path: String, command: (Int) -> String) -> Int? {
    guard let port = freePort() else { return nil }
    // A shell waits for the end of its standard input, which comes when this process is gone, however it goes.
    var pipe: [Int32] = [0, 0]
    guard closingPipe(&pipe) == 0 else { return nil }
    let script =
      "exec >/dev/null 2>&1; TMPDIR=$(mktemp -d) || exit 1; export TMPDIR; \(command(port)) & server=$!; "
      + "cat; kill $server; wait $server; sleep 1; rm -rf \"$TMPDIR\""
    guard start(script, path: path, input: pipe[0]) else { return nil }
    close(pipe[0])
    for _ in 0..<300 {
      if answers(port) { return port }
      usleep(100_000)
    }
    return nil
  }

  /// Whether a program stands in one of some directories.
  static func isThere(_ program: String, path: String) -> Bool {
    path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  private static func closingPipe(_ ends: inout [Int32]) -> Int32 {
    let result = pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return result
  }

  private static func start(_ script: String, path: String, input: Int32) -> Bool {
    Spawn.shell(["sh", "-c", script], environment: ["PATH=\(path)", "HOME=/tmp"]) { actions in
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    }.status == 0
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
