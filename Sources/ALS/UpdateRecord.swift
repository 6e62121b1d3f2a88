/// What was folded into a model since it was trained.
public struct UpdateRecord: Sendable, Equatable, Codable {
  /// Ratings that the model was trained on.
  public var trained: Int
  /// Batches of changes that had an effect.
  public var batches: Int
  /// Ratings that were added, changed or deleted by them.
  public var changes: Int
  /// The number of the last batch that was given one.
  public var sequence: UInt64?

  /// Nothing yet.
  public init(trained: Int, batches: Int = 0, changes: Int = 0, sequence: UInt64? = nil) {
    self.trained = trained
    self.batches = batches
    self.changes = changes
    self.sequence = sequence
  }
}
