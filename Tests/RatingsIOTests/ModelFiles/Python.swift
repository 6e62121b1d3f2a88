#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine's python3.
enum Python {
  /// Whether it is there with numpy and scipy.
  static let isThere = run(["-c", "import numpy, scipy.sparse"]) == 0

  /// Runs it and gives its exit status; `nil` where it cannot be started.
  static func run(_ arguments: [String]) -> Int32? {
    var pid: pid_t = 0
    var words = (["python3"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    guard posix_spawnp(&pid, "python3", nil, nil, &words, environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
  }
}
