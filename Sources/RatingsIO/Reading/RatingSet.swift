import ALS

/// Ratings as read, with the ids of rows and columns.
public struct RatingSet: Sendable {
  /// Ids of the rows, sorted: numerically where all are canonical whole numbers, else by their UTF-8 bytes.
  public var users: IDIndex
  /// Ids of the columns, sorted likewise.
  public var items: IDIndex
  /// Users × items; columns ascend within a row, and equal pairs (policy `keep`) stand in the order of the input.
  public var ratings: CSRMatrix
  /// What happened on the way.
  public var report: ReadReport

  /// Gives all parts.
  public init(users: IDIndex, items: IDIndex, ratings: CSRMatrix, report: ReadReport) {
    self.users = users
    self.items = items
    self.ratings = ratings
    self.report = report
  }
}
