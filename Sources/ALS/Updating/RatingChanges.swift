/// Ratings that came, changed or went since a matrix was made.
public struct RatingChanges: Sendable {
  /// New values, users × items, in the rows and columns of the matrix after the change; a pair once.
  public var upserts: CSRMatrix
  /// Pairs that go, in the same rows and columns; their values do not matter. Where a pair is in both, it goes.
  public var deletions: CSRMatrix

  /// Gives both.
  public init(upserts: CSRMatrix, deletions: CSRMatrix) {
    precondition(upserts.rowCount == deletions.rowCount && upserts.columnCount == deletions.columnCount)
    self.upserts = upserts
    self.deletions = deletions
  }

  /// A matrix after changes, and what they came to.
  public struct Outcome: Sendable {
    /// All ratings, in as many rows and columns as the changes have.
    public var ratings: CSRMatrix
    /// Ratings of pairs that had none.
    public var added = 0
    /// Ratings with another value than before.
    public var changed = 0
    /// Ratings that went.
    public var deleted = 0
    /// Upserts of the value that was there, and deletions of pairs that had none.
    public var withoutEffect = 0
    /// Rows in which anything changed, ascending.
    public var users: [Int] = []
    /// Columns in which anything changed, ascending.
    public var items: [Int] = []

    /// Whether there was any effect.
    public var isEmpty: Bool { added + changed + deleted == 0 }
  }

  /// The matrix after the changes; O(entries). Of several entries of one pair (the `keep` policy) an upsert leaves one.
  ///
  /// - Parameter before: of no more rows and columns than the changes.
  public func applied(to before: CSRMatrix) -> Outcome {
    precondition(before.rowCount <= upserts.rowCount && before.columnCount <= upserts.columnCount)
    var offsets = [0]
    offsets.reserveCapacity(upserts.rowCount + 1)
    var columns: [Int32] = []
    var values: [Float] = []
    columns.reserveCapacity(before.entryCount + upserts.entryCount)
    values.reserveCapacity(before.entryCount + upserts.entryCount)
    var outcome = Outcome(ratings: before)
    var isTouched = [Bool](repeating: false, count: upserts.columnCount)
    for row in 0..<upserts.rowCount {
      let old = row < before.rowCount ? before.entries(ofRow: row) : 0..<0
      let new = upserts.entries(ofRow: row)
      let gone = deletions.entries(ofRow: row)
      if new.isEmpty, gone.isEmpty {
        columns.append(contentsOf: before.columnIndices[old])
        values.append(contentsOf: before.values[old])
      } else if merge(
        before, old, new, gone, into: &columns, &values, counting: &outcome, touching: &isTouched)
      {
        outcome.users.append(row)
      }
      offsets.append(columns.count)
    }
    outcome.items = isTouched.indices.filter { isTouched[$0] }
    outcome.ratings = CSRMatrix(
      columnCount: upserts.columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
    return outcome
  }

  /// Merges a row, whose columns ascend in all three; returns whether anything changed.
  private func merge(
    _ before: CSRMatrix, _ old: Range<Int>, _ new: Range<Int>, _ gone: Range<Int>, into columns: inout [Int32],
    _ values: inout [Float], counting outcome: inout Outcome, touching isTouched: inout [Bool]
  ) -> Bool {
    var (o, n, g) = (old.lowerBound, new.lowerBound, gone.lowerBound)
    var hasChanged = false
    func column(_ matrix: CSRMatrix, _ entry: Int, _ range: Range<Int>) -> Int32 {
      entry < range.upperBound ? matrix.columnIndices[entry] : .max
    }
    while o < old.upperBound || n < new.upperBound || g < gone.upperBound {
      let present = min(column(before, o, old), column(upserts, n, new), column(deletions, g, gone))
      let firstOld = o
      while column(before, o, old) == present, o < old.upperBound { o += 1 }
      let oldCount = o - firstOld
      var value: Float?
      while column(upserts, n, new) == present, n < new.upperBound {
        value = upserts.values[n]
        n += 1
      }
      var isDeleted = false
      while column(deletions, g, gone) == present, g < gone.upperBound {
        isDeleted = true
        g += 1
      }
      var hasEffect = true
      if isDeleted {
        outcome.deleted += oldCount
        hasEffect = oldCount > 0
      } else if let value {
        hasEffect = oldCount != 1 || before.values[firstOld] != value
        if oldCount == 0 { outcome.added += 1 } else if hasEffect { outcome.changed += 1 }
        columns.append(present)
        values.append(value)
      } else {
        columns.append(contentsOf: before.columnIndices[firstOld..<o])
        values.append(contentsOf: before.values[firstOld..<o])
        continue
      }
      if hasEffect {
        hasChanged = true
        isTouched[Int(present)] = true
      } else {
        outcome.withoutEffect += 1
      }
    }
    return hasChanged
  }
}
