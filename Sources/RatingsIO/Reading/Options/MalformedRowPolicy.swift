/// What becomes of a row that is not a rating.
public enum MalformedRowPolicy: String, CaseIterable, Sendable {
  /// It stops the run.
  case stop
  /// It is left out and counted; more than one in a hundred stop the run all the same.
  case skip
}
