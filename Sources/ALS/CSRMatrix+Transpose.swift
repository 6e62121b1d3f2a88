extension CSRMatrix {
  /// The same entries with rows and columns exchanged, by a stable counting sort: rows ascend within each new row, and
  /// duplicates keep their order. O(entries + rows + columns), on all cores.
  public func transposed() -> CSRMatrix {
    let rowCount = rowCount
    let entryCount = entryCount
    // Each worker counts, then places, the entries of one range of rows. Its first slot in a new row lies behind those
    // of the workers before it, so that the result does not depend on the number of workers.
    let slices = entryBalancedRowRanges(count: entryCount < 1 << 16 ? 1 : Parallel.workerCount)
    var next = [[Int]](repeating: [], count: slices.count)
    next.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let next = buffer
      Parallel.perform(slices.count) { worker in
        var counts = [Int](repeating: 0, count: columnCount)
        let range = rowOffsets[slices[worker].lowerBound]..<rowOffsets[slices[worker].upperBound]
        columnIndices.withUnsafeBufferPointer { columns in
          counts.withUnsafeMutableBufferPointer { counts in
            for entry in range { counts[Int(columns[entry])] += 1 }
          }
        }
        next[worker] = counts
      }
    }
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
    let newIndices = [Int32](unsafeUninitializedCapacity: entryCount) { indexBuffer, indexCount in
      nonisolated(unsafe) let newIndices = indexBuffer
      newValues = [Float](unsafeUninitializedCapacity: entryCount) { valueBuffer, valueCount in
        nonisolated(unsafe) let newValues = valueBuffer
        next.withUnsafeMutableBufferPointer { nextBuffer in
          nonisolated(unsafe) let next = nextBuffer
          Parallel.perform(slices.count) { worker in
            next[worker].withUnsafeMutableBufferPointer { next in
              columnIndices.withUnsafeBufferPointer { columns in
                values.withUnsafeBufferPointer { values in
                  for row in slices[worker] {
                    for entry in rowOffsets[row]..<rowOffsets[row + 1] {
                      let column = Int(columns[entry])
                      let slot = next[column]
                      next[column] = slot + 1
                      newIndices[slot] = Int32(truncatingIfNeeded: row)
                      newValues[slot] = values[entry]
                    }
                  }
                }
              }
            }
          }
        }
        valueCount = entryCount
      }
      indexCount = entryCount
    }
    return CSRMatrix(columnCount: rowCount, rowOffsets: offsets, columnIndices: newIndices, values: newValues)
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
