extension CSRMatrix {
  /// Splits the entries into training and held-out ones: each is drawn with probability `fraction`, as a function of
  /// (seed, row, column) alone, but every row and every column keeps at least one entry to be trained on: the last that
  /// would have to go, in the order of the matrix, stays.
  ///
  /// - Parameter fraction: within 0 ..< 1.
  public func holdingOut(fraction: Double, seed: UInt64) -> (training: CSRMatrix, heldOut: CSRMatrix) {
    // A key of its own, so that the split shares no numbers with the initial factors.
    let philox = Philox(seed: seed ^ 0x686f_6c64_6f75_7421)
    let threshold = UInt64(fraction * 0x1p32)
    let drawn = EntryMarks(for: self) { row, entry in
      UInt64(philox.block(UInt64(columnIndices[entry]), stream: UInt64(row))[0]) < threshold
    }
    keepOneInEachRowAndColumn(drawn)
    return (filtered(drawn, keepingMarked: false), filtered(drawn, keepingMarked: true))
  }

  /// Unmarks what must stay.
  ///
  /// A column can run out only if all its entries are drawn, as of few columns. Rows without an entry in those do not
  /// depend on each other: such a row, drawn as a whole, keeps its last entry. The others are gone through in order.
  private func keepOneInEachRowAndColumn(_ drawn: EntryMarks) {
    let slices = entryBalancedRowRanges(count: entryCount < 1 << 16 ? 1 : Parallel.workerCount)
    let survivors = Parallel.map(slices.count) { columnsWithEntries(ofRows: slices[$0], leavingOut: drawn) }
    let survives = (0..<columnCount).map { column in survivors.contains { $0[column] } }
    let parts = Parallel.map(slices.count) { rowsToMend(slices[$0], drawn: drawn, survives: survives) }
    for entry in parts.map(\.lastEntries).joined() { drawn[entry] = false }

    var left: [Int32: Int] = [:]
    let contested = parts.map(\.contestedRows).joined()
    for row in contested {
      for entry in entries(ofRow: row) where !survives[Int(columnIndices[entry])] {
        left[columnIndices[entry], default: 0] += 1
      }
    }
    for row in contested {
      var leftInRow = entries(ofRow: row).count
      for entry in entries(ofRow: row) where drawn[entry] {
        let column = columnIndices[entry]
        if leftInRow > 1, left[column] ?? 2 > 1 {
          leftInRow -= 1
          left[column]? -= 1
        } else {
          drawn[entry] = false
        }
      }
    }
  }

  /// Which columns have an entry in some rows that is not drawn.
  private func columnsWithEntries(ofRows rows: Range<Int>, leavingOut drawn: EntryMarks) -> [Bool] {
    var found = [Bool](repeating: false, count: columnCount)
    for entry in rowOffsets[rows.lowerBound]..<rowOffsets[rows.upperBound] where !drawn[entry] {
      found[Int(columnIndices[entry])] = true
    }
    return found
  }

  /// Rows with an entry in a column that is drawn as a whole; of the others, the last entries of those drawn as a whole.
  private func rowsToMend(
    _ rows: Range<Int>, drawn: EntryMarks, survives: [Bool]
  ) -> (contestedRows: [Int], lastEntries: [Int]) {
    var contestedRows: [Int] = []
    var lastEntries: [Int] = []
    for row in rows {
      let entries = entries(ofRow: row)
      if entries.contains(where: { drawn[$0] && !survives[Int(columnIndices[$0])] }) {
        contestedRows.append(row)
      } else if !entries.isEmpty, drawn.count(in: entries) == entries.count {
        lastEntries.append(entries.upperBound - 1)
      }
    }
    return (contestedRows, lastEntries)
  }
}
