import ALS
import Dispatch
import Synchronization

/// Lists of many users, block by block: while one block is written, the next is searched for.
///
/// `@unchecked Sendable` holds because only the queue, which is serial, touches the search.
final class ListsAhead: @unchecked Sendable {
  private let search: ListSearch
  private let rows: [Int]
  private let size: Int
  private let finish: (@Sendable ([ScoredRow]) -> [ScoredRow])?
  private let queue = DispatchQueue(label: "gpuals.lists", qos: .userInitiated)
  private let found = Mutex<[Int: Result<[[ScoredRow]], any Error>]>([:])
  private var position = 0

  /// Starts with the first block.
  ///
  /// - Parameter finish: what becomes of each list; called on all cores.
  init(
    _ search: ListSearch, rows: [Int], size: Int, finish: (@Sendable ([ScoredRow]) -> [ScoredRow])? = nil
  ) {
    self.finish = finish
    self.search = search
    self.rows = rows
    self.size = size
    start(at: 0)
  }

  private func block(at first: Int) -> ArraySlice<Int> { rows[first..<min(rows.count, first + size)] }

  private func start(at first: Int) {
    guard first < rows.count else { return }
    queue.async {
      let result = Result {
        let lists = try self.search.lists(forUsers: self.block(at: first))
        return self.finish.map { finish in Parallel.map(lists.count) { finish(lists[$0]) } } ?? lists
      }
      self.found.withLock { $0[first] = result }
    }
  }

  /// The next block with its lists; `nil` after the last.
  func next() throws -> (block: ArraySlice<Int>, lists: [[ScoredRow]])? {
    guard position < rows.count else { return nil }
    end()
    let first = position
    position += size
    start(at: position)
    guard let result = found.withLock({ $0.removeValue(forKey: first) }) else { return nil }
    return (block(at: first), try result.get())
  }

  /// Returns when nothing is at work any more: a device must not be when the process ends.
  func end() { queue.sync {} }
}
