import ALS
import RatingsIO

/// What a training run reads.
struct TrainingInput {
  /// Ids of the rows of both sides.
  var users: IDIndex
  /// Ids of the items.
  var items: IDIndex
  /// The ratings to train on, and those held out.
  var data: TrainingData
  /// `CSRMatrix.fingerprint` of the training ratings.
  var fingerprint: UInt64
  /// Names of the items, where given.
  var names: [String?]?
  /// Files of changes that all of these come from, if any.
  var changeFiles: [AppliedFile]
  /// Seconds spent on reading.
  var readSeconds: Double
  /// Seconds spent on arranging.
  var buildSeconds: Double
}
