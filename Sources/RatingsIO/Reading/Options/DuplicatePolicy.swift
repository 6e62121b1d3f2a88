/// What becomes of several ratings of one item by one user.
public enum DuplicatePolicy: String, CaseIterable, Sendable {
  /// The one that comes last in the input counts.
  case last
  /// They are added.
  case sum
  /// Their arithmetic mean counts.
  case mean
  /// Each counts on its own, as in Spark.
  case keep
  /// They stop the run.
  case error
}
