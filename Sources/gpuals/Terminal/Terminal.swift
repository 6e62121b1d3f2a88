#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the streams are connected to.
enum Terminal {
  /// Whether a line on stderr can be drawn over and over.
  static let canRedrawErrors: Bool = {
    guard isatty(STDERR_FILENO) == 1 else { return false }
    return environment("TERM").map { $0 != "dumb" && !$0.isEmpty } ?? false
  }()

  /// Whether results are read by a person, who is helped by colour.
  static let showsColor: Bool = {
    guard isatty(STDOUT_FILENO) == 1, environment("NO_COLOR").map(\.isEmpty) ?? true else { return false }
    return environment("TERM").map { $0 != "dumb" && !$0.isEmpty } ?? false
  }()

  /// Columns of the terminal on stderr at this moment; 80 if it does not say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// A variable of the environment, if set.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
