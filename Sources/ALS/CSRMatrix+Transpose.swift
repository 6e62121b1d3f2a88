extension CSRMatrix {
  /// The same entries with rows and columns exchanged, by a stable counting sort: rows ascend within each new row, and
  /// duplicates keep their order. O(entries + rows + columns), on all cores.
  public func transposed() -> CSRMatrix {
    // Each worker counts, then places, the entries of one range of rows. Its first slot in a new row lies behind those
    // of the workers before it, so that the result does not depend on the number of workers.
    let slices = entryBalancedRowRanges(count: entryCount < 1 << 16 ? 1 : Parallel.workerCount)
    var next = Parallel.map(slices.count) { columnCounts(ofRows: slices[$0]) }
    var offsets = [Int](repeating: 0, count: columnCount + 1)
    var total = 0
    for column in 0..<columnCount {
      offsets[column] = total
      for worker in slices.indices {
        let count = next[worker][column]
        next[worker][column] = total
        total += count
      }
    }
    offsets[columnCount] = total

    var newValues: [Float] = []
    let newColumns = [Int32](hugePages: entryCount) { newColumns in
      newValues = [Float](hugePages: entryCount) { newValues in
        next.withUnsafeMutableBufferPointer { next in
          nonisolated(unsafe) let (next, newColumns, newValues) = (next, newColumns, newValues)
          Parallel.perform(slices.count) { worker in
            place(rows: slices[worker], next: &next[worker], newColumns: newColumns, newValues: newValues)
          }
        }
      }
    }
    return CSRMatrix(columnCount: rowCount, rowOffsets: offsets, columnIndices: newColumns, values: newValues)
  }

  /// How many entries each column has in some rows.
  private func columnCounts(ofRows rows: Range<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: columnCount)
    counts.withUnsafeMutableBufferPointer { counts in
      columnIndices.withUnsafeBufferPointer { columns in
        for entry in rowOffsets[rows.lowerBound]..<rowOffsets[rows.upperBound] { counts[Int(columns[entry])] &+= 1 }
      }
    }
    return counts
  }

  /// Moves the entries of some rows to the new rows.
  ///
  /// - Parameter next: for each new row, its next free slot.
  private func place(
    rows: Range<Int>, next: inout [Int], newColumns: UnsafeMutablePointer<Int32>,
    newValues: UnsafeMutablePointer<Float>
  ) {
    rowOffsets.withUnsafeBufferPointer { offsets in
      columnIndices.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in
          next.withUnsafeMutableBufferPointer { next in
            for row in rows {
              for entry in offsets[row]..<offsets[row &+ 1] {
                let column = Int(columns[entry])
                let slot = next[column]
                next[column] = slot &+ 1
                newColumns[slot] = Int32(truncatingIfNeeded: row)
                newValues[slot] = values[entry]
              }
            }
          }
        }
      }
    }
  }

  /// Splits the rows into at most `count` consecutive ranges with about equally many entries each.
  package func entryBalancedRowRanges(count: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for part in 1...max(1, count) {
      let target = entryCount / max(1, count) * part
      var end = part == max(1, count) ? rowCount : start
      while end < rowCount && rowOffsets[end] < target { end += 1 }
      if end > start || (part == max(1, count) && ranges.isEmpty) { ranges.append(start..<end) }
      start = end
    }
    return ranges
  }
}
