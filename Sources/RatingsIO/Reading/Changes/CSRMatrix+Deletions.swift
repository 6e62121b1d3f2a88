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

  /// The matrix in other rows and columns: row `k` is that of number `rows[k]`, and column `c` becomes `columnPlaces[c]`, which must
  /// not be negative where there is an entry.
  func arranged(rows: [Int], columnPlaces: [Int32], columnCount: Int) -> CSRMatrix {
    var (offsets, columns, arranged) = ([0], [Int32](), [Float]())
    offsets.reserveCapacity(rows.count + 1)
    columns.reserveCapacity(entryCount)
    arranged.reserveCapacity(entryCount)
    for row in rows {
      let entries = entries(ofRow: row)
      let start = columns.count
      for entry in entries {
        columns.append(columnPlaces[Int(columnIndices[entry])])
        arranged.append(values[entry])
      }
      if (start + 1..<max(start + 1, columns.count)).contains(where: { columns[$0] < columns[$0 - 1] }) {
        let sorted = (start..<columns.count).map { (columns[$0], arranged[$0]) }.sorted { $0.0 < $1.0 }
        columns.replaceSubrange(start..., with: sorted.map(\.0))
        arranged.replaceSubrange(start..., with: sorted.map(\.1))
      }
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: arranged)
  }
}
