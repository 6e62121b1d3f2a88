import ALS
import Dispatch
import Synchronization

/// Compiles kernels on a thread of its own, while the ratings are read.
final class BackendPreparation: Sendable {
  private let done = DispatchGroup()
  private let failure = Mutex<(any Error)?>(nil)

  /// Starts.
  init(of backend: any Backend, for parameters: ALSParameters) {
    DispatchQueue.global(qos: .userInitiated).async(group: done) {
      do {
        try backend.prepare(parameters)
      } catch {
        self.failure.withLock { $0 = error }
      }
    }
  }

  /// Returns when all is done: a compiler must not be at work while the process ends.
  func end() { done.wait() }

  /// Returns when all is done, and throws what the backend threw.
  func finish() throws {
    done.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
