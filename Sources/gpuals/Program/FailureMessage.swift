import OpenCL
import RatingsIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is said of a failure on stderr. The errors word themselves; here is only what a command line adds.
enum FailureMessage {
  /// The line after "gpuals: "; `nil` where there is nothing to say.
  static func text(for error: any Error) -> String? {
    switch error {
    case CommandError.standardOutput(EPIPE, _), CommandError.nothingUsable: return nil
    case CommandError.interrupted(_, let outcome): return outcome
    case let error as ModelFileError where isClosedOutput(error): return nil
    case let error as OpenCLError: return "error: \(error)\(hint(for: error))"
    case let error as any CustomStringConvertible & Error: return "error: \(error)"
    default: return "error: \(error) (a fault of gpuals, please report it)"
    }
  }

  /// Whether the reader of our standard output went away, as `head` does.
  static func isClosedOutput(_ error: ModelFileError) -> Bool {
    if case .brokenPipe(let path) = error { path == "standard output" || path == "/dev/stdout" } else { false }
  }

  private static func hint(for error: OpenCLError) -> String {
    switch error {
    case .libraryNotFound, .functionMissing, .noPlatforms, .noDevices:
      ". 'gpuals doctor' looks closer; --device reference trains without OpenCL, slowly"
    default: ""
    }
  }
}
