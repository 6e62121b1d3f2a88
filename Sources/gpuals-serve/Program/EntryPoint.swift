import ArgumentParser
import SystemProgram

/// The way from the arguments to an exit status: parse, serve, report.
enum EntryPoint {
  /// Serves until a signal asks for the end, and reports a failure, if any, on stderr.
  static func run(arguments: [String]) async -> ExitStatus {
    do {
      let command = try ServeCommand.parse(arguments)
      try await command.serve()
      return .done
    } catch let error as ServeError {
      StandardError.write("gpuals-serve: error: \(error)\n")
      return ExitStatus(error)
    } catch {
      let text = ServeCommand.fullMessage(for: error)
      switch ServeCommand.exitCode(for: error) {
      case .success:
        // Help and version are answers.
        print(text)
        return .done
      case .validationFailure:
        StandardError.write(text + "\n")
        return .usage
      default:
        StandardError.write("gpuals-serve: error: \(error) (a fault of gpuals, please report it)\n")
        return .software
      }
    }
  }
}
