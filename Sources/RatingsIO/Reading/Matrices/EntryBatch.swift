/// Some consecutive entries of a matrix, with ids that are whole numbers.
struct EntryBatch: Sendable {
  /// An entry that is no rating; its place in the batch.
  struct Fault: Sendable {
    var position: Int
    var fault: RowFault
  }

  var users: [Int64]
  var items: [Int64]
  /// Empty where each entry counts 1.
  var values: [Float] = []
  /// Empty where times do not matter.
  var times: [Double] = []
  /// Entries that are no ratings, ascending, one fault for each.
  var faults: [Fault] = []

  var count: Int { users.count }

  /// Takes entries from the start, all if there are no more than `limit`.
  mutating func takeFirst(_ limit: Int) -> EntryBatch {
    guard limit < count else {
      defer { self = EntryBatch(users: [], items: []) }
      return self
    }
    let first = part(0..<limit)
    self = part(limit..<count)
    return first
  }

  private func part(_ range: Range<Int>) -> EntryBatch {
    EntryBatch(
      users: Array(users[range]), items: Array(items[range]), values: values.isEmpty ? [] : Array(values[range]),
      times: times.isEmpty ? [] : Array(times[range]),
      faults: faults.filter { range.contains($0.position) }
        .map { Fault(position: $0.position - range.lowerBound, fault: $0.fault) })
  }

  /// Adds a fault of each entry that fails a check; of several faults of an entry the first that is added counts.
  mutating func addFaults(_ found: [Fault]) {
    guard !found.isEmpty else { return }
    let known = Set(faults.map(\.position))
    faults += found.filter { !known.contains($0.position) }
    faults.sort { $0.position < $1.position }
  }
}
