import ALS
import RatingsIO

/// Changes that have been read from a stream and are not in the model yet: the last one of each pair.
struct PendingChanges {
  /// Ids by their bytes: texts that Swift takes for equal may be two ids.
  private struct Pair: Hashable {
    var user: [UInt8]
    var item: [UInt8]
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
    let pair = Pair(user: Array(change.user.utf8), item: Array(change.item.utf8))
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
    let (users, userRows) = try Self.index(ratings.keys.map(\.user))
    let (items, itemRows) = try Self.index(ratings.keys.map(\.item))
    var upserts: [(row: Int, column: Int, value: Float)] = []
    var deletions: [(row: Int, column: Int, value: Float)] = []
    for (place, rating) in ratings.values.enumerated() {
      if let rating {
        upserts.append((userRows[place], itemRows[place], rating))
      } else {
        deletions.append((userRows[place], itemRows[place], 0))
      }
    }
    ratings.removeAll(keepingCapacity: true)
    func matrix(_ entries: [(row: Int, column: Int, value: Float)]) -> CSRMatrix {
      CSRMatrix(rowCount: users.count, columnCount: items.count, entries: entries)
    }
    return (matrix(upserts), matrix(deletions), users, items)
  }

  /// An index of ids, and the row of each.
  private static func index(_ ids: [[UInt8]]) throws -> (index: IDIndex, rows: [Int]) {
    var rows: [[UInt8]: Int] = [:]
    var (bytes, offsets) = ([UInt8](), [0])
    let places = ids.map { id in
      if let known = rows[id] { return known }
      rows[id] = rows.count
      bytes += id
      offsets.append(bytes.count)
      return rows.count - 1
    }
    return (try IDIndex(utf8: bytes, offsets: offsets), places)
  }
}
