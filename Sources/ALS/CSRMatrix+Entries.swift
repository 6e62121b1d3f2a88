extension CSRMatrix {
  /// A matrix of entries in any order; O(entries · log entries). Entries of one pair all stay, in the order in which they are given.
  ///
  /// - Precondition: rows are within 0 ..< `rowCount`, columns within 0 ..< `columnCount`.
  public init(rowCount: Int, columnCount: Int, entries: [(row: Int, column: Int, value: Float)]) {
    var offsets = [Int](repeating: 0, count: rowCount + 1)
    for entry in entries {
      precondition((0..<rowCount).contains(entry.row) && (0..<columnCount).contains(entry.column))
      offsets[entry.row + 1] += 1
    }
    for row in 0..<rowCount { offsets[row + 1] += offsets[row] }
    let order = entries.indices.sorted {
      (entries[$0].row, entries[$0].column, $0) < (entries[$1].row, entries[$1].column, $1)
    }
    self.init(
      columnCount: columnCount, rowOffsets: offsets, columnIndices: order.map { Int32(entries[$0].column) },
      values: order.map { entries[$0].value })
  }
}
