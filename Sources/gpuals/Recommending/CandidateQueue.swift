import ALS
import Dispatch
import Synchronization

/// Blocks of candidates on their way from who finds and sends them to who reads the answers.
final class CandidateQueue: Sendable {
  typealias Block = (block: ArraySlice<Int>, lists: [[ScoredRow]])

  private struct State {
    var waiting: [Result<Block, any Error>] = []
    var isAbandoned = false
  }

  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)

  /// Whether nobody wants more.
  var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

  /// Adds a block, or why there is none.
  func add(_ block: Result<Block, any Error>) {
    state.withLock { $0.waiting.append(block) }
    arrivals.signal()
  }

  /// Says that there will be no more.
  func end() { arrivals.signal() }

  /// Says that nobody wants more.
  func abandon() { state.withLock { $0.isAbandoned = true } }

  /// The next block, once it is there; `nil` after the last.
  func next() throws -> Block? {
    arrivals.wait()
    return try state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }?.get()
  }
}
