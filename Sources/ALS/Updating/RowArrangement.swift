/// The rows of one side after changes: those of training where they were, behind them all others in the order of their ids. So the
/// order does not depend on when an id came.
struct RowArrangement {
  /// The ids of all rows.
  let ids: IDIndex
  /// The new row of each present one; −1 for those that go.
  private(set) var rowsOfPresent: [Int32]
  /// The new row of each row of the changes; −1 for ids that do not stand in the model.
  private(set) var rowsOfChanges: [Int32] = []
  /// Whether rows that stay have other numbers than before, or some go.
  let moves: Bool

  /// Rows for ids that changes bring.
  ///
  /// - Parameters:
  ///   - present: the ids of the model.
  ///   - trained: how many of them are from training.
  ///   - changes: the ids of the changes.
  ///   - joins: whether an id of the changes that the model does not know gets a row.
  init(of present: IDIndex, trained: Int, changes: IDIndex, joins: (_ row: Int) -> Bool) throws(ALSError) {
    let known = (0..<changes.count).map { changes.row($0, in: present) }
    let new = known.indices.filter { known[$0] == nil && joins($0) }
    try self.init(
      of: present, trained: trained, later: (trained..<present.count).map { present[$0] }, new: new.map { changes[$0] })
    var rows = known.map { $0.map { rowsOfPresent[$0] } ?? -1 }
    for row in new { rows[row] = ids.row(of: changes[row]).map(Int32.init) ?? -1 }
    rowsOfChanges = rows
  }

  /// Rows without those later ones that `stays` denies.
  init(of present: IDIndex, trained: Int, stays: (_ row: Int) -> Bool) throws(ALSError) {
    try self.init(
      of: present, trained: trained, later: (trained..<present.count).filter(stays).map { present[$0] }, new: [])
  }

  private init(of present: IDIndex, trained: Int, later: [String], new: [String]) throws(ALSError) {
    var rows = (0..<Int32(trained)).map { $0 }
    if new.isEmpty, later.count == present.count - trained {
      rows += (trained..<present.count).map(Int32.init)
      (ids, rowsOfPresent, moves) = (present, rows, false)
      return
    }
    let behind = (later + new).sorted(by: Self.precedes)
    ids = try present.prefix(trained).appending(behind)
    for row in trained..<present.count { rows.append(ids.row(of: present[row]).map(Int32.init) ?? -1) }
    rowsOfPresent = rows
    moves = rows.indices.contains { rows[$0] != Int32($0) }
  }

  /// Whole numbers by their value, before other texts by their UTF-8.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    func number(_ text: String) -> Int64? {
      var text = text
      return text.withUTF8 { IDIndex.canonicalInteger($0) }
    }
    switch (number(first), number(second)) {
    case (let first?, let second?): return first < second
    case (nil, nil): return first.utf8.lexicographicallyPrecedes(second.utf8)
    case (let first, _): return first != nil
    }
  }
}

extension IDIndex {
  /// The row in another index of the id of one of ours.
  fileprivate func row(_ row: Int, in other: IDIndex) -> Int? {
    if case .integers(let values) = storage { return other.row(of: values[row]) }
    return other.row(of: self[row])
  }

  /// The first rows alone.
  fileprivate func prefix(_ count: Int) throws(ALSError) -> IDIndex {
    if count == self.count { return self }
    switch storage {
    case .integers(let values): return try IDIndex(integers: Array(values.prefix(count)))
    case .texts(let bytes, let offsets):
      return try IDIndex(utf8: Array(bytes.prefix(offsets[count])), offsets: Array(offsets.prefix(count + 1)))
    }
  }
}
