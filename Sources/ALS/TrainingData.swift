#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ratings of a training run, in both orientations, and those held out from it.
public struct TrainingData: Sendable {
  /// Users × items.
  public let byUser: CSRMatrix
  /// Items × users: the transpose of ``byUser``.
  public let byItem: CSRMatrix
  /// Users × items: ratings to measure the error on after every iteration. None of them belongs to a user or an item
  /// without training ratings.
  public let heldOut: CSRMatrix?

  /// Transposes the ratings, and leaves out of `heldOut` what no solver could know.
  ///
  /// - Throws: ``ALSError/noRatings`` if the matrix is empty.
  public init(ratings: CSRMatrix, heldOut: CSRMatrix? = nil) throws(ALSError) {
    guard ratings.entryCount > 0 else { throw .noRatings }
    byUser = ratings
    byItem = ratings.transposed()
    self.heldOut = heldOut?.removingEntries(withoutRatingsIn: byUser, byItem)
  }

  /// The matrix whose rows are those of `side`.
  public subscript(side: Side) -> CSRMatrix { side == .user ? byUser : byItem }

  /// λ·n^ν for each row of a side, with n the number of ratings that count there; one rounding to 32 bits.
  ///
  /// Both the reference and the devices read these numbers, so that the exponent is computed in one place.
  public func regularization(of side: Side, parameters: ALSParameters) -> [Float] {
    let matrix = self[side]
    return (0..<matrix.rowCount).map { row in
      let entries = matrix.entries(ofRow: row)
      var n = entries.count
      if parameters.feedback.isImplicit {
        n = 0
        for entry in entries where parameters.feedback.counts(matrix.values[entry]) { n += 1 }
      }
      return Float(parameters.regularization * power(Double(n), parameters.regularizationExponent))
    }
  }

  /// The lowest row of a side whose system has no unique solution whatever the factors: explicit, without regularization,
  /// with fewer distinct columns than the rank. Rows of zeros are solved by zeros.
  func firstUnderdeterminedRow(of side: Side, parameters: ALSParameters) -> Int? {
    guard parameters.regularization == 0, !parameters.feedback.isImplicit else { return nil }
    let matrix = self[side]
    return (0..<matrix.rowCount).first { row in
      let entries = matrix.entries(ofRow: row)
      return Set(matrix.columnIndices[entries]).count < parameters.rank
        && matrix.values[entries].contains { $0 != 0 }
    }
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 1 { return base }
    if exponent == 0 { return 1 }
    return base == 0 ? 0 : pow(base, exponent)
  }
}

extension CSRMatrix {
  /// Keeps the entries whose user and item both have ratings in the training matrix.
  fileprivate func removingEntries(withoutRatingsIn byUser: CSRMatrix, _ byItem: CSRMatrix) -> CSRMatrix {
    var offsets = [0]
    offsets.reserveCapacity(rowCount + 1)
    var columns: [Int32] = []
    var kept: [Float] = []
    for row in 0..<rowCount {
      if !byUser.entries(ofRow: row).isEmpty {
        for entry in entries(ofRow: row) where !byItem.entries(ofRow: Int(columnIndices[entry])).isEmpty {
          columns.append(columnIndices[entry])
          kept.append(values[entry])
        }
      }
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: kept)
  }
}
