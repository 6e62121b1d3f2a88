/// Where the initial factors of a side come from.
public enum Initialization: Sendable, Hashable {
  /// Independent Gaussians of a counter-based generator, each row scaled to ``ALSParameters/initialNorm``: a row's start depends
  /// on the seed and the row alone.
  case gaussian

  /// The user factors that Spark's ALS begins with for the same seed and so many blocks of users (its `numUserBlocks`), so that a
  /// run comes to Spark's own factors; see ``SparkStart``. It depends on the ids of the users, which have to be whole numbers of
  /// 32 bits.
  case spark(userBlocks: Int)

  /// What it is called: `gaussian` or `spark`.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .spark: "spark"
    }
  }

  /// Number of blocks of users; `nil` where nothing depends on it.
  public var userBlocks: Int? {
    if case .spark(let blocks) = self { blocks } else { nil }
  }
}
