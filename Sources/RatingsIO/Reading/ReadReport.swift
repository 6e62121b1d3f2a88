import ALS

/// What happened while ratings were read.
public struct ReadReport: Sendable, Equatable {
  /// Rows of data, without headers and blank lines; dropped and malformed ones are among them.
  public var rowCount = 0
  /// Bytes read, as they stand in the files.
  public var bytes = 0
  /// Rows dropped by ``ReadOptions/ratingMap``.
  public var droppedByMap = 0
  /// Rows dropped by ``ReadOptions/dropItems``.
  public var droppedItems = 0
  /// Ratings of a pair beyond its first; merged unless the policy is ``DuplicatePolicy/keep``.
  public var duplicates = 0
  /// Whether any file's rows carry operations, as those of DMS do.
  public var hasOperations = false
  /// Rows that delete their pair. Those are not among them whose rating ``ReadOptions/ratingMap`` drops, although in files with
  /// operations their pairs go as well.
  public var deletions = 0
  /// Malformed rows that were left out.
  public var skipped = 0
  /// The first malformed row that was left out: file, line and fault.
  public var firstSkipped: String?
  /// Values that look like codes.
  public var sentinels: [Sentinel] = []
  /// Whether any file has a rating column. Without one every rating is 1.0.
  public var hasRatings = false
  /// Rows left out since the model does not know their user or item.
  public var unknown = 0
  /// The files that were read, where AWS DMS wrote them: what a model that is made of them has of its changes.
  public var changeFiles: [AppliedFile] = []

  /// An empty report.
  public init() {}
}
