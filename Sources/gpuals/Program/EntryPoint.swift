import ArgumentParser
import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The way from the arguments to an exit status: parse, dispatch, run, report.
enum EntryPoint {
  /// Runs one command and reports its failure, if any, on stderr.
  static func run(arguments: [String]) -> ExitStatus {
    // A reader that closes the pipe shows as EPIPE where we write, and is answered there.
    signal(SIGPIPE, SIG_IGN)
    do {
      if let name = arguments.first, ExternalCommand.isCandidate(name) {
        try ExternalCommand.run(name: name, arguments: Array(arguments.dropFirst()))
      }
      var command = try GPUALS.parseAsRoot(NegativeValues.attached(arguments))
      Interruption.shared.install()
      try command.run()
      try StandardOutput.shared.flush()
      return .done
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> ExitStatus {
    StatusLine.shared.clear()
    // The parser knows its own errors and requests for help; to all others it gives the code 1.
    if GPUALS.exitCode(for: error) != .failure { return reportFromParser(error) }
    // What was found before the failure is still an answer; if it cannot be written, the first failure says more.
    try? StandardOutput.shared.flush()
    let status = ExitStatus(for: error)
    if let message = FailureMessage.text(for: error) {
      StandardError.write("gpuals: \(message)\n")
    }
    return status
  }

  /// Help, version and usage errors, worded by the argument parser.
  private static func reportFromParser(_ error: any Error) -> ExitStatus {
    let text = GPUALS.fullMessage(for: error)
    guard GPUALS.exitCode(for: error).isSuccess else {
      StandardError.write(text + "\n")
      return .usage
    }
    do {
      try StandardOutput.shared.write(text + "\n")
      try StandardOutput.shared.flush()
      return .done
    } catch {
      return report(error)
    }
  }
}
