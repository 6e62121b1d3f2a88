import ALS

/// Writes ranked lists to a sink in the order of the calls.
public struct RecommendationWriter {
  private let sink: TextSink
  private let format: RecommendationFormat

  /// Writes the header.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public init(_ sink: TextSink, format: RecommendationFormat) throws {
    self.sink = sink
    self.format = format
    try sink.write(format.header)
  }

  /// Writes the list of one subject, best first.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(_ subject: String, _ rows: [ScoredRow]) throws {
    format.append(subject, rows, to: &sink.buffer)
    try sink.flushIfFull()
  }

  /// Writes lists that ``RecommendationFormat/append(_:_:to:)`` formatted elsewhere.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(formatted lists: [UInt8]) throws { try sink.write(lists) }

  /// Writes what is left and puts a file in its place: ``TextSink/finish()``.
  public func finish() throws { try sink.finish() }
}
