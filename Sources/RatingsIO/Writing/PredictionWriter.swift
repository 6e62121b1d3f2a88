/// Writes predictions: columns `user,item,prediction`. A prediction that is not known is `nan`, in JSON `null`.
public struct PredictionWriter {
  private let sink: TextSink
  private let encoder: RowEncoder

  /// Writes the header.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public init(_ sink: TextSink, syntax: TableForm.Syntax) throws {
    self.sink = sink
    encoder = RowEncoder(syntax, columns: ["user", "item", "prediction"])
    try sink.write(encoder.header)
  }

  /// Writes a row.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(user: String, item: String, prediction: Float) throws {
    encoder.append(user.utf8, column: 0, to: &sink.buffer)
    encoder.append(item.utf8, column: 1, to: &sink.buffer)
    encoder.append(prediction, column: 2, to: &sink.buffer)
    encoder.appendEnd(to: &sink.buffer)
    try sink.flushIfFull()
  }

  /// Writes what is left and puts a file in its place: ``TextSink/finish()``.
  public func finish() throws { try sink.finish() }
}
