import ALS
import RatingsIO

/// Changes that have been read from a stream and are not in the model yet: the last one of each pair.
struct PendingChanges {
  private struct Pair: Hashable {
    var user: String
    var item: String
  }

  /// `nil`: the pair goes.
  private var ratings: [Pair: Float?] = [:]
  /// The times of messages about pairs, where they have one. They are kept beyond the batch: a producer that sends a message again
  /// may do so after a later one about the same pair.
  private var times: [Pair: Double] = [:]

  /// Times of so many pairs are kept at most.
  private static let mostTimes = 1_000_000

  /// Pairs that wait.
  var count: Int { ratings.count }

  /// Takes a change; false where a later one about the same pair is known.
  mutating func add(_ change: ChangeMessage) -> Bool {
    let pair = Pair(user: change.user, item: change.item)
    if let time = change.time {
      if let known = times[pair], time < known { return false }
      if times.count >= Self.mostTimes, times[pair] == nil { forgetOldHalf() }
      times[pair] = time
    }
    ratings[pair] = .some(change.rating)
    return true
  }

  private mutating func forgetOldHalf() {
    let middle = times.values.sorted()[times.count / 2]
    times = times.filter { $0.value > middle }
  }

  /// All that wait, which then wait no more.
  mutating func take() throws -> (upserts: CSRMatrix, deletions: CSRMatrix, users: IDIndex, items: IDIndex) {
    let users = try IDIndex(Set(ratings.keys.map(\.user)).sorted())
    let items = try IDIndex(Set(ratings.keys.map(\.item)).sorted())
    var upserts: [(row: Int, column: Int32, value: Float)] = []
    var deletions: [(row: Int, column: Int32, value: Float)] = []
    for (pair, rating) in ratings {
      guard let user = users.row(of: pair.user), let item = items.row(of: pair.item) else { continue }
      if let rating {
        upserts.append((user, Int32(item), rating))
      } else {
        deletions.append((user, Int32(item), 0))
      }
    }
    ratings.removeAll(keepingCapacity: true)
    func matrix(_ entries: [(row: Int, column: Int32, value: Float)]) -> CSRMatrix {
      var offsets = [Int](repeating: 0, count: users.count + 1)
      let sorted = entries.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
      for entry in sorted { offsets[entry.row + 1] += 1 }
      for row in 0..<users.count { offsets[row + 1] += offsets[row] }
      return CSRMatrix(
        columnCount: items.count, rowOffsets: offsets, columnIndices: sorted.map(\.column), values: sorted.map(\.value))
    }
    return (matrix(upserts), matrix(deletions), users, items)
  }
}
