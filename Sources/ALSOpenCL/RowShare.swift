import ALS

/// Consecutive rows of each side: those that one of several devices solves.
public struct RowShare: Sendable, Equatable {
  /// Rows of the users.
  public var user: Range<Int>
  /// Rows of the items.
  public var item: Range<Int>
  /// Whether these are all rows.
  public private(set) var isWhole: Bool

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
    func load(below row: Int) -> Double { work.ofRow * Double(row) + work.ofRating * Double(matrix.rowOffsets[row]) }
    let total = load(below: rows)
    var bounds = [0]
    for part in 1..<max(count, 1) {
      // The first row with that much work below it, by halving.
      let wanted = total * Double(part) / Double(count)
      var (low, high) = (bounds[bounds.count - 1], rows)
      while low < high {
        let middle = (low + high) / 2
        if load(below: middle) < wanted { low = middle + 1 } else { high = middle }
      }
      let bound = (low + rowsOfAtom / 2) / rowsOfAtom * rowsOfAtom
      bounds.append(min(rows, max(bound, bounds[bounds.count - 1])))
    }
    bounds.append(rows)
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  /// Additions and multiplications that a half-step takes, by what is counted.
  private struct RowWork {
    var ofRow: Double
    var ofRating: Double

    init(_ parameters: ALSParameters) {
      let f = Double(parameters.unknowns)
      switch parameters.solver {
      case .cholesky:
        // Half of a symmetric matrix and the right side for each rating; a decomposition and two solutions for each row.
        ofRating = f * (f + 3)
        ofRow = f * f * f / 3 + 2 * f * f
      case .conjugateGradient(let steps):
        ofRating = 4 * f * Double(steps + 1)
        ofRow = 2 * f * f * Double(parameters.feedback.isImplicit ? steps + 1 : 0) + f
      }
    }
  }
}
