import Dispatch
import Subprocess
import Synchronization

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The AWS command line interface: it knows every way of signing in, every region and endpoint, and tries again by itself.
final class AWSCommand: Sendable {
  private let place: String
  private let done = DispatchGroup()
  private let outcome = Mutex<Result<[UInt8], S3Error>?>(nil)

  /// Standard error of a run that goes wrong in thousands of objects is longer than anybody reads.
  private static let errorLimit = 4 << 20

  private init(place: String) { self.place = place }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - place: what it is about, for errors.
  ///   - outputLimit: the most that it may write to standard output, in bytes.
  /// - Returns: its standard output.
  @discardableResult
  static func run(_ arguments: [String], place: String, outputLimit: Int = 1 << 30) throws(S3Error) -> [UInt8] {
    let command = AWSCommand(place: place)
    command.begin(arguments) { arguments in
      let result = try await Subprocess.run(
        .name("aws"), arguments: arguments, output: .bytes(limit: outputLimit), error: .string(limit: errorLimit))
      return (result.terminationStatus.isSuccess, result.standardOutput, result.standardError)
    }
    return try command.finish()
  }

  /// Starts it, with its standard output into a descriptor, which is closed here once the program has it.
  static func start(_ arguments: [String], place: String, output: Int32? = nil) -> AWSCommand {
    let command = AWSCommand(place: place)
    if let output {
      command.begin(arguments) { arguments in
        let result = try await Subprocess.run(
          .name("aws"), arguments: arguments,
          output: .fileDescriptor(FileDescriptor(rawValue: output), closeAfterSpawningProcess: true),
          error: .string(limit: errorLimit))
        return (result.terminationStatus.isSuccess, [], result.standardError)
      }
    } else {
      command.begin(arguments) { arguments in
        let result = try await Subprocess.run(
          .name("aws"), arguments: arguments, output: .discarded, error: .string(limit: errorLimit))
        return (result.terminationStatus.isSuccess, [], result.standardError)
      }
    }
    return command
  }

  /// Waits for its end.
  @discardableResult
  func finish() throws(S3Error) -> [UInt8] {
    done.wait()
    return try (outcome.withLock { $0 } ?? .failure(.failed(place: place, detail: "was not run"))).get()
  }

  private func begin(
    _ arguments: [String],
    _ body: @escaping @Sendable (Arguments) async throws -> (isSuccess: Bool, output: [UInt8], errors: String)
  ) {
    done.enter()
    let place = place
    // Callers wait on threads of their own, never on those that tasks run on.
    Task.detached {
      let result: Result<[UInt8], S3Error>
      do {
        let outcome = try await body(Arguments(arguments))
        result = outcome.isSuccess ? .success(outcome.output) : .failure(S3Error(place: place, output: outcome.errors))
      } catch let error as SubprocessError where error.code == .executableNotFound {
        result = .failure(.noClient)
      } catch {
        result = .failure(.failed(place: place, detail: "the AWS command line interface could not be run: \(error)"))
      }
      self.outcome.withLock { $0 = result }
      self.done.leave()
    }
  }
}
