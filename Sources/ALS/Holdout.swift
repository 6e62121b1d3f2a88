extension CSRMatrix {
  /// Splits the entries into training and held-out ones: each is drawn with probability `fraction`, as a function of
  /// (seed, row, column) alone, but every row and every column keeps at least one entry to be trained on: the last that
  /// would have to go, in the order of the matrix, stays.
  ///
  /// - Parameters:
  ///   - fraction: within 0 ..< 1.
  ///   - seed: another one draws another split.
  public func holdingOut(fraction: Double, seed: UInt64) -> (training: CSRMatrix, heldOut: CSRMatrix) {
    let threshold = UInt64(fraction * 0x1p32)
    return holdingOut(seed: seed) { UInt64($0) < threshold }
  }

  /// Splits the entries for one round of cross-validation: each entry belongs to one of `count` folds, all equally probable, as a
  /// function of (seed, row, column) alone, and that numbered `fold` is held out, but for what must stay so that every row and
  /// every column keeps an entry (see ``holdingOut(fraction:seed:)``).
  ///
  /// - Precondition: `fold` is within 0 ..< `count`.
  public func holdingOut(fold: Int, of count: Int, seed: UInt64) -> (training: CSRMatrix, heldOut: CSRMatrix) {
    precondition((0..<count).contains(fold))
    return holdingOut(seed: seed) { Int((UInt64($0) * UInt64(count)) >> 32) == fold }
  }

  /// - Parameter isDrawn: told a number that is equally probable anywhere in its range.
  private func holdingOut(
    seed: UInt64, _ isDrawn: @Sendable (UInt32) -> Bool
  ) -> (training: CSRMatrix, heldOut: CSRMatrix) {
    // A key of its own, so that the split shares no numbers with the initial factors.
    let philox = Philox(seed: seed ^ 0x686f_6c64_6f75_7421)
    let drawn = EntryMarks(for: self) { row, entry in
      isDrawn(philox.block(UInt64(columnIndices[entry]), stream: UInt64(row))[0])
    }
    keepOneInEachRowAndColumn(drawn)
    return (filtered(drawn, keepingMarked: false), filtered(drawn, keepingMarked: true))
  }

  /// The entries of both matrices, columns ascending within each row: what ``holdingOut(fraction:seed:)`` took apart. Of entries for
  /// the same pair, those of this matrix come first.
  ///
  /// - Precondition: the shapes are equal.
  public func merging(_ other: CSRMatrix) -> CSRMatrix {
    precondition(rowCount == other.rowCount && columnCount == other.columnCount)
    var offsets = [0]
    offsets.reserveCapacity(rowOffsets.count)
    var columns: [Int32] = []
    columns.reserveCapacity(entryCount + other.entryCount)
    var values: [Float] = []
    values.reserveCapacity(entryCount + other.entryCount)
    for row in 0..<rowCount {
      var (own, its) = (rowOffsets[row], other.rowOffsets[row])
      let (ownEnd, itsEnd) = (rowOffsets[row + 1], other.rowOffsets[row + 1])
      while own < ownEnd || its < itsEnd {
        if its == itsEnd || (own < ownEnd && columnIndices[own] <= other.columnIndices[its]) {
          columns.append(columnIndices[own])
          values.append(self.values[own])
          own += 1
        } else {
          columns.append(other.columnIndices[its])
          values.append(other.values[its])
          its += 1
        }
      }
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
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
