/// The ratings of a training run, in both orientations, and those held out from it.
public struct TrainingData: Sendable {
  /// Users × items.
  public let byUser: CSRMatrix
  /// Items × users: the transpose of ``byUser``.
  public let byItem: CSRMatrix
  /// Users × items: ratings to measure the error on after every iteration. None of them belongs to a user or an item
  /// without training ratings.
  public let heldOut: CSRMatrix?
  /// Ids of the users, where they are known: ``Initialization/spark(userBlocks:)`` depends on them.
  public let users: IDIndex?

  /// Transposes the ratings, and leaves out of `heldOut` what no solver could know.
  ///
  /// - Parameters:
  ///   - ratings: those to train on.
  ///   - heldOut: those to measure the error on.
  ///   - users: ids of the rows; needed by ``Initialization/spark(userBlocks:)`` alone.
  /// - Precondition: there is an id for each row, if there are any.
  /// - Throws: ``ALSError/noRatings`` if the matrix is empty.
  public init(ratings: CSRMatrix, heldOut: CSRMatrix? = nil, users: IDIndex? = nil) throws(ALSError) {
    guard ratings.entryCount > 0 else { throw .noRatings }
    precondition(users == nil || users?.count == ratings.rowCount)
    self.users = users
    byUser = ratings
    byItem = ratings.transposed()
    self.heldOut = heldOut?.removingEntries(withoutRatingsIn: byUser, byItem)
  }

  /// Ratings by user alone, for half-steps of users: to the items, nobody gave a rating. Spares the transposition.
  ///
  /// - Throws: ``ALSError/noRatings`` if the matrix is empty.
  public init(byUserAlone ratings: CSRMatrix) throws(ALSError) {
    guard ratings.entryCount > 0 else { throw .noRatings }
    byUser = ratings
    byItem = CSRMatrix(
      columnCount: ratings.rowCount, rowOffsets: [Int](repeating: 0, count: ratings.columnCount + 1), columnIndices: [],
      values: [])
    heldOut = nil
    users = nil
  }

  /// The matrix whose rows are those of `side`.
  public subscript(side: Side) -> CSRMatrix { side == .user ? byUser : byItem }

  /// The mean of the training ratings, added up in order in 64-bit arithmetic.
  public var meanRating: Float { Float(byUser.values.reduce(0.0) { $0 + Double($1) } / Double(byUser.entryCount)) }

  /// λ·n^ν for each row of a side, with n the number of ratings that count there; one rounding to 32 bits.
  ///
  /// Both the reference and the devices read these numbers, so that the exponent is computed in one place.
  public func regularization(of side: Side, parameters: ALSParameters) -> [Float] {
    let matrix = self[side]
    let isImplicit = parameters.feedback.isImplicit
    return [Float](unsafeUninitializedCapacity: matrix.rowCount) { buffer, count in
      nonisolated(unsafe) let weights = buffer
      Parallel.performRanges(matrix.rowCount, grain: Self.grain) { rows in
        matrix.values.withUnsafeBufferPointer { values in
          for row in rows {
            let entries = matrix.entries(ofRow: row)
            var n = entries.count
            if isImplicit {
              n = 0
              for entry in entries { n &+= parameters.feedback.counts(values[entry]) ? 1 : 0 }
            }
            weights.initializeElement(at: row, to: parameters.rowRegularization(ratingCount: n))
          }
        }
      }
      count = matrix.rowCount
    }
  }

  /// Rows that a worker takes at a time.
  private static let grain = 1 << 14

  /// The lowest row of a side whose system has no unique solution whatever the factors: explicit, without regularization,
  /// with fewer distinct columns than the rank. Rows of zeros are solved by zeros.
  package func firstUnderdeterminedRow(of side: Side, parameters: ALSParameters) -> Int? {
    guard parameters.regularization == 0, !parameters.feedback.isImplicit else { return nil }
    let matrix = self[side]
    let found = Parallel.map((matrix.rowCount + Self.grain - 1) / Self.grain) { part in
      (part * Self.grain..<min(matrix.rowCount, (part + 1) * Self.grain)).first { row in
        let entries = matrix.entries(ofRow: row)
        // Columns ascend: equal ones stand side by side. No row needs to be looked at beyond the rank.
        var distinct = 0
        var last: Int32 = -1
        for column in matrix.columnIndices[entries] where column != last {
          last = column
          distinct += 1
          if distinct >= parameters.unknowns { return false }
        }
        return matrix.values[entries].contains { $0 != 0 }
      }
    }
    return found.lazy.compactMap { $0 }.first
  }
}

extension CSRMatrix {
  /// Keeps the entries whose user and item both have ratings in the training matrix.
  fileprivate func removingEntries(withoutRatingsIn byUser: CSRMatrix, _ byItem: CSRMatrix) -> CSRMatrix {
    let marks = EntryMarks(for: self) { row, entry in
      byUser.entries(ofRow: row).isEmpty || byItem.entries(ofRow: Int(columnIndices[entry])).isEmpty
    }
    return marks.isEmpty ? self : filtered(marks, keepingMarked: false)
  }
}
