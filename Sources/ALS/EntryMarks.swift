/// A bit for each entry of a matrix.
///
/// `@unchecked Sendable`: rows are divided among workers in such a way that each word of bits is written by one of them.
final class EntryMarks: @unchecked Sendable {
  private let words: UnsafeMutablePointer<UInt64>
  private let count: Int

  /// No marks.
  init(count: Int) {
    self.count = (count + 63) / 64
    words = .allocate(capacity: self.count)
    words.initialize(repeating: 0, count: self.count)
  }

  /// Marks the entries for which `isMarked` holds, on all cores.
  convenience init(for matrix: CSRMatrix, _ isMarked: @Sendable (_ row: Int, _ entry: Int) -> Bool) {
    self.init(count: matrix.entryCount)
    Parallel.performRanges(matrix.entryCount, grain: 1 << 16) { entries in
      var row = matrix.row(ofEntry: entries.lowerBound)
      for entry in entries {
        while matrix.rowOffsets[row + 1] <= entry { row += 1 }
        if isMarked(row, entry) { self[entry] = true }
      }
    }
  }

  deinit {
    words.deallocate()
  }

  /// Whether an entry is marked.
  subscript(entry: Int) -> Bool {
    get { words[entry >> 6] >> UInt64(entry & 63) & 1 != 0 }
    set {
      let bit: UInt64 = 1 << UInt64(entry & 63)
      if newValue { words[entry >> 6] |= bit } else { words[entry >> 6] &= ~bit }
    }
  }

  /// Whether nothing is marked.
  var isEmpty: Bool { (0..<count).allSatisfy { words[$0] == 0 } }

  /// Marked ones among some entries.
  func count(in entries: Range<Int>) -> Int {
    var marked = 0
    var entry = entries.lowerBound
    while entry < entries.upperBound {
      let end = min(entries.upperBound, entry | 63 + 1)
      var word = words[entry >> 6] >> UInt64(entry & 63)
      if end - entry < 64 { word &= 1 << UInt64(end - entry) - 1 }
      marked += word.nonzeroBitCount
      entry = end
    }
    return marked
  }
}

extension CSRMatrix {
  /// The row that an entry belongs to; O(log rows).
  func row(ofEntry entry: Int) -> Int {
    var (low, high) = (0, rowCount)
    while low + 1 < high {
      let middle = (low + high) / 2
      if rowOffsets[middle] <= entry { low = middle } else { high = middle }
    }
    return low
  }

  /// The entries that are marked, or the others, in the same shape; on all cores.
  func filtered(_ marks: EntryMarks, keepingMarked: Bool) -> CSRMatrix {
    let grain = 1 << 14
    let parts = (rowCount + grain - 1) / grain
    @Sendable func rows(_ part: Int) -> Range<Int> { part * grain..<min(rowCount, (part + 1) * grain) }
    @Sendable func kept(_ entries: Range<Int>) -> Int {
      let marked = marks.count(in: entries)
      return keepingMarked ? marked : entries.count - marked
    }
    let counts = Parallel.map(parts) { part in
      kept(rowOffsets[rows(part).lowerBound]..<rowOffsets[rows(part).upperBound])
    }
    var starts = [0]
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    let total = starts[parts]
    let firstSlots = starts
    var columns: [Int32] = []
    var values: [Float] = []
    let offsets = [Int](unsafeUninitializedCapacity: rowCount + 1) { offsetBuffer, offsetCount in
      columns = [Int32](hugePages: total) { newColumns in
        values = [Float](hugePages: total) { newValues in
          nonisolated(unsafe) let (offsets, newColumns, newValues) = (offsetBuffer, newColumns, newValues)
          Parallel.perform(parts) { part in
            var slot = firstSlots[part]
            for row in rows(part) {
              offsets[row] = slot
              for entry in entries(ofRow: row) where marks[entry] == keepingMarked {
                newColumns[slot] = columnIndices[entry]
                newValues[slot] = self.values[entry]
                slot += 1
              }
            }
          }
        }
      }
      offsetBuffer[rowCount] = total
      offsetCount = rowCount + 1
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
  }
}
