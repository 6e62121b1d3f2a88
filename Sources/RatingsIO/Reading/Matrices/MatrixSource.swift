/// A file of entries that are no lines of text.
protocol MatrixSource: AnyObject {
  /// Whether there are ratings and times, as columns.
  var layout: FileLayout { get }

  /// Bytes of the file that have been used so far.
  var fileBytesRead: Int { get }

  /// The next entries, at most `limit` but at least one; `nil` at the end.
  func next(limit: Int) throws(RatingsIOError) -> EntryBatch?
}
