/// A file of entries that are no lines of text.
protocol MatrixSource: AnyObject {
  /// Whether there are ratings and times, as columns.
  var layout: FileLayout { get }

  /// Bytes of the file that have been used so far.
  var fileBytesRead: Int { get }

  /// The next entries, at least one; `nil` at the end. How many does not depend on who asks, so that of several things that
  /// are wrong always the same is told.
  func next() throws(RatingsIOError) -> EntryBatch?
}
