import ALS

/// Consecutive rows of each side: those that one of several devices solves.
public struct RowShare: Sendable, Equatable {
  /// Rows of the users.
  public let user: Range<Int>
  /// Rows of the items.
  public let item: Range<Int>
  /// Whether these are all rows.
  public let isWhole: Bool

  /// All rows.
  init(ofAll data: TrainingData) {
    user = 0..<data.byUser.rowCount
    item = 0..<data.byItem.rowCount
    isWhole = true
  }

  private init(user: Range<Int>, item: Range<Int>) {
    self.user = user
    self.item = item
    isWhole = false
  }

  /// The rows of a side.
  subscript(side: Side) -> Range<Int> { side == .user ? user : item }

  /// Shares of about equal work for so many devices, in row order. Where there are fewer rows than that takes, the last are empty.
  ///
  /// - Parameter rowsOfAtom: shares begin at multiples of so many rows.
  static func equal(_ count: Int, of data: TrainingData, parameters: ALSParameters, rowsOfAtom: Int) -> [RowShare] {
    let work = RowWork(parameters)
    let users = ranges(count, of: data.byUser, work: work, rowsOfAtom: rowsOfAtom)
    let items = ranges(count, of: data.byItem, work: work, rowsOfAtom: rowsOfAtom)
    return zip(users, items).map { RowShare(user: $0, item: $1) }
  }

  private static func ranges(_ count: Int, of matrix: CSRMatrix, work: RowWork, rowsOfAtom: Int) -> [Range<Int>] {
    let rows = matrix.rowCount
    let total = (0..<rows).reduce(0.0) { $0 + work.ofRow(ratings: matrix.entries(ofRow: $1).count) }
    var bounds = [0]
    var below = 0.0
    for row in 0..<rows {
      while bounds.count < count, below >= total * Double(bounds.count) / Double(count) {
        let bound = (row + rowsOfAtom / 2) / rowsOfAtom * rowsOfAtom
        bounds.append(min(rows, max(bound, bounds[bounds.count - 1])))
      }
      below += work.ofRow(ratings: matrix.entries(ofRow: row).count)
    }
    while bounds.count <= count { bounds.append(rows) }
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  /// Additions and multiplications that a half-step takes for a row; those of a factorization count twice, as they run at half the
  /// rate.
  private struct RowWork {
    let rank: Double
    let steps: Int
    let isImplicit: Bool
    /// Whether rows with few ratings are solved in as many dimensions as they have ratings.
    let isDual: Bool

    init(_ parameters: ALSParameters) {
      rank = Double(parameters.unknowns)
      steps = parameters.solver.steps
      isImplicit = parameters.feedback.isImplicit
      // In implicit training that is for CPUs alone, and not always.
      isDual = steps == 0 && !isImplicit && !parameters.nonnegative && parameters.regularization > 0
    }

    func ofRow(ratings: Int) -> Double {
      // Rows without ratings are zero.
      if ratings == 0 { return 0 }
      let n = Double(ratings)
      if steps > 0 {
        let products = Double(steps + 1)
        return 4 * n * rank * products + (isImplicit ? 2 * rank * rank * products : 0)
      }
      func solved(_ order: Double) -> Double { 2 * (order * order * order / 3 + 2 * order * order) }
      let primal = n * rank * (rank + 3) + solved(rank)
      return isDual ? min(primal, n * n * rank + 4 * n * rank + solved(n)) : primal
    }
  }
}
