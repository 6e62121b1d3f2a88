import ALS

extension CSRMatrix {
  /// The same rows and columns without the pairs that were deleted.
  var withoutDeletions: CSRMatrix { filtered { !$0.isNaN } }

  /// The pairs that were deleted.
  var deletions: CSRMatrix {
    let gone = filtered { $0.isNaN }
    // No reader of a matrix expects what is no number.
    return CSRMatrix(
      columnCount: columnCount, rowOffsets: gone.rowOffsets, columnIndices: gone.columnIndices,
      values: [Float](repeating: 0, count: gone.entryCount))
  }

  /// The entries whose values pass a test; O(entries).
  private func filtered(_ isKept: (Float) -> Bool) -> CSRMatrix {
    guard values.contains(where: { !isKept($0) }) else { return self }
    var (offsets, columns, kept) = ([0], [Int32](), [Float]())
    offsets.reserveCapacity(rowOffsets.count)
    for row in 0..<rowCount {
      for entry in entries(ofRow: row) where isKept(values[entry]) {
        columns.append(columnIndices[entry])
        kept.append(values[entry])
      }
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: kept)
  }
}
