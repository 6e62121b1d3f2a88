import Dispatch
import Subprocess
import Synchronization

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The AWS command line interface: it knows every way of signing in, every region and endpoint, and tries again by itself.
final class AWSCommand<Failure: AWSServiceError>: Sendable {
  private let place: String
  private let done = DispatchGroup()
  private let outcome = Mutex<Result<[UInt8], Failure>?>(nil)

  private init(place: String) { self.place = place }

  /// Runs it to its end.
  ///
  /// - Parameter place: what it is about, for errors.
  /// - Returns: its standard output.
  @discardableResult
  static func run(_ arguments: [String], place: String) throws(Failure) -> [UInt8] {
    try start(arguments, place: place).finish()
  }

  /// Starts it; ``finish()`` returns its standard output.
  static func start(_ arguments: [String], place: String) -> AWSCommand {
    let command = AWSCommand(place: place)
    command.begin(arguments) { arguments in
      let result = try await Subprocess.run(
        .name("aws"), arguments: arguments, output: .bytes(limit: AWSLimits.output),
        error: .string(limit: AWSLimits.errors))
      return (result.terminationStatus.isSuccess, result.standardOutput, result.standardError)
    }
    return command
  }

  /// Starts it, with its standard output into a descriptor, which is closed here once the program has it.
  static func start(_ arguments: [String], place: String, output: Int32) -> AWSCommand {
    let command = AWSCommand(place: place)
    command.begin(arguments) { arguments in
      let result = try await Subprocess.run(
        .name("aws"), arguments: arguments,
        output: .fileDescriptor(FileDescriptor(rawValue: output), closeAfterSpawningProcess: true),
        error: .string(limit: AWSLimits.errors))
      return (result.terminationStatus.isSuccess, [], result.standardError)
    }
    return command
  }

  /// Waits for its end, and returns what it wrote to standard output.
  @discardableResult
  func finish() throws(Failure) -> [UInt8] {
    done.wait()
    let none = AWSFailure.other(code: "", detail: "was not run")
    return try (outcome.withLock { $0 } ?? .failure(Failure(place: place, failure: none))).get()
  }

  private func begin(
    _ arguments: [String],
    _ body: @escaping @Sendable (Arguments) async throws -> (isSuccess: Bool, output: [UInt8], errors: String)
  ) {
    done.enter()
    let place = place
    // Callers wait on threads of their own, never on those that tasks run on.
    Task.detached {
      let result: Result<[UInt8], Failure>
      do {
        let outcome = try await body(Arguments(arguments))
        result =
          outcome.isSuccess
          ? .success(outcome.output) : .failure(Failure(place: place, failure: AWSFailure(output: outcome.errors)))
      } catch let error as SubprocessError where error.code == .executableNotFound {
        result = .failure(Failure(place: place, failure: .noClient))
      } catch {
        let detail = "the AWS command line interface could not be run: \(error)"
        result = .failure(Failure(place: place, failure: .other(code: "", detail: detail)))
      }
      self.outcome.withLock { $0 = result }
      self.done.leave()
    }
  }
}

/// Bytes of its output that are taken.
private enum AWSLimits {
  static let output = 1 << 30
  /// Standard error of a run that goes wrong in thousands of objects is longer than anybody reads.
  static let errors = 4 << 20
}
