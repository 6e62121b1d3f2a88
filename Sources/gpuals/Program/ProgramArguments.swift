import CArguments

/// The words of the command line. Swift's `CommandLine` reads them from /proc, which a bare chroot lacks, so the C runtime is
/// asked first.
enum ProgramArguments {
  /// The program's name as it was called, then the arguments.
  static var all: [String] {
    let count = gpuals_argument_count()
    guard count > 0 else { return CommandLine.arguments }
    return (0..<count).compactMap { gpuals_argument($0).map { String(cString: $0) } }
  }
}
