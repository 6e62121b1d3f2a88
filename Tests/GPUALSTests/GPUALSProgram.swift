import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The built program, run as a user runs it.
enum GPUALSProgram {
  /// How a run ended, and what it said.
  struct Outcome {
    /// The exit code; 128 + n where signal n ended it.
    var status: Int32
    var output: String
    var errors: String
  }

  /// Where the binary is: the package manager builds it beside the test bundle.
  static let path: String = {
    let candidates = [ownDirectory + "/gpuals"] + buildFolders.map { $0 + "/gpuals" }
    return candidates.first { access($0, X_OK) == 0 } ?? candidates[0]
  }()

  /// Runs to the end. Output goes by way of files, so that neither stream can block the other.
  ///
  /// - Parameters:
  ///   - directory: the working directory.
  ///   - input: what stands on standard input.
  ///   - environment: variables in addition to those of the tests.
  static func run(
    _ arguments: [String], in workspace: Workspace, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try start(arguments, in: workspace, input: input, environment: environment).wait()
  }

  /// Starts a run that a test watches or ends.
  static func start(
    _ arguments: [String], in workspace: Workspace, input: String = "", environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      path: path, arguments: arguments, directory: workspace.path, input: input, environment: environment)
  }

  private static var ownDirectory: String {
    #if os(Linux)
      let own = "/proc/self/exe"
    #else
      let own = CommandLine.arguments[0]
    #endif
    guard let resolved = realpath(own, nil) else { return "." }
    defer { free(resolved) }
    return parent(of: String(cString: resolved))
  }

  private static var buildFolders: [String] {
    let root = parent(of: parent(of: parent(of: #filePath)))
    return ["release", "debug"].map { "\(root)/.build/\($0)" }
  }

  private static func parent(of path: String) -> String {
    path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }
}
