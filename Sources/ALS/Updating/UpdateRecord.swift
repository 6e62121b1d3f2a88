/// What was folded into a model since it was trained.
public struct UpdateRecord: Sendable, Equatable, Codable {
  /// Ratings that the model was trained on.
  public var trained: Int
  /// Batches of changes that had an effect.
  public var batches: Int
  /// Ratings that are others than in training: added, changed or deleted.
  public var changes: Int
  /// The number of the last batch that was given one.
  public var sequence: UInt64?
  /// How far streams are in the model: for each its shards, and the number of the last record of each, or ``shardEnd``.
  public var streams: [String: [String: String]]?
  /// Records of streams that were no changes, and were put aside.
  public var rejected: Int?

  /// Stands in place of a number where a shard has ended.
  public static let shardEnd = "SHARD_END"

  /// Nothing yet.
  public init(trained: Int, batches: Int = 0, changes: Int = 0, sequence: UInt64? = nil) {
    self.trained = trained
    self.batches = batches
    self.changes = changes
    self.sequence = sequence
  }
}
