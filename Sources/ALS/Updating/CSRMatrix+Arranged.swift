extension CSRMatrix {
  /// Which columns have an entry.
  package var ratedColumns: [Bool] {
    var isRated = [Bool](repeating: false, count: columnCount)
    for column in columnIndices { isRated[Int(column)] = true }
    return isRated
  }

  /// The same entries in other rows and columns.
  ///
  /// - Parameters:
  ///   - rows: the new row of each row; −1 leaves it out.
  ///   - columns: the new column of each column; −1 leaves it out.
  ///   - rowCount: how many rows there are then.
  ///   - columnCount: how many columns there are then.
  package func arranged(rows: [Int32], columns: [Int32], rowCount: Int, columnCount: Int) -> CSRMatrix {
    var sources = [Int](repeating: -1, count: rowCount)
    for (row, target) in rows.enumerated() where target >= 0 { sources[Int(target)] = row }
    let staying = columns.lazy.filter { $0 >= 0 }
    let keepsOrder = zip(staying, staying.dropFirst()).allSatisfy { $0 < $1 }
    var offsets = [0]
    offsets.reserveCapacity(rowCount + 1)
    var indices: [Int32] = []
    var moved: [Float] = []
    indices.reserveCapacity(entryCount)
    moved.reserveCapacity(entryCount)
    for source in sources {
      if source >= 0 {
        let range = entries(ofRow: source)
        if keepsOrder {
          for entry in range where columns[Int(columnIndices[entry])] >= 0 {
            indices.append(columns[Int(columnIndices[entry])])
            moved.append(values[entry])
          }
        } else {
          // Duplicates of a pair keep their order.
          let order = range.filter { columns[Int(columnIndices[$0])] >= 0 }
            .sorted { (columns[Int(columnIndices[$0])], $0) < (columns[Int(columnIndices[$1])], $1) }
          for entry in order {
            indices.append(columns[Int(columnIndices[entry])])
            moved.append(values[entry])
          }
        }
      }
      offsets.append(indices.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: indices, values: moved)
  }
}
