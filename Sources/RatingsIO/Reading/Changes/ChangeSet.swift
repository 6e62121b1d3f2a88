import ALS

/// What changes come to: the last operation of each pair.
public struct ChangeSet: Sendable {
  /// Ids of the rows of both matrices, sorted as those of a ``RatingSet``.
  public var users: IDIndex
  /// Ids of their columns.
  public var items: IDIndex
  /// Pairs that have another rating, or one for the first time; users × items, each pair once.
  public var upserts: CSRMatrix
  /// Pairs that have no rating any more; users × items. Its values do not matter.
  public var deletions: CSRMatrix
  /// What happened on the way.
  public var report: ReadReport
  /// Rows of data in each file, in the order of the files; malformed ones and those that were dropped are among them.
  public var rows: [Int]

  /// Gives all parts.
  public init(
    users: IDIndex, items: IDIndex, upserts: CSRMatrix, deletions: CSRMatrix, report: ReadReport, rows: [Int]
  ) {
    self.users = users
    self.items = items
    self.upserts = upserts
    self.deletions = deletions
    self.report = report
    self.rows = rows
  }

  /// Takes apart what was read.
  init(_ set: RatingSet, rows: [Int]) {
    self.init(
      users: set.users, items: set.items, upserts: set.ratings.withoutDeletions, deletions: set.ratings.deletions,
      report: set.report, rows: rows)
  }
}
