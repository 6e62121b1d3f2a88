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

  /// Adds a fault of each entry that fails a check; of several faults of an entry the first that is added counts.
  mutating func addFaults(_ found: [Fault]) {
    guard !found.isEmpty else { return }
    let known = Set(faults.map(\.position))
    faults += found.filter { !known.contains($0.position) }
    faults.sort { $0.position < $1.position }
  }
}
