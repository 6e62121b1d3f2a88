/// Writes a table of any columns to a sink: a header and rows in CSV and TSV, an object per row in JSON lines.
public struct TableWriter {
  /// One value of a row.
  public enum Cell: Sendable, Equatable {
    /// Any text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A score or a prediction.
    case float(Float)
    /// A measure.
    case double(Double)
    /// A value that is not known.
    case none
  }

  private let sink: TextSink
  private let encoder: RowEncoder
  private let columnCount: Int

  /// Writes the header.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public init(_ sink: TextSink, syntax: TableForm.Syntax, columns: [String]) throws {
    self.sink = sink
    encoder = RowEncoder(syntax, columns: columns)
    columnCount = columns.count
    try sink.write(encoder.header)
  }

  /// Writes a row.
  ///
  /// - Precondition: there is a cell for each column.
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(_ cells: [Cell]) throws {
    precondition(cells.count == columnCount, "a row has a cell for each column")
    for (column, cell) in cells.enumerated() {
      switch cell {
      case .text(let text): encoder.append(text.utf8, column: column, to: &sink.buffer)
      case .integer(let value): encoder.append(value, column: column, to: &sink.buffer)
      case .float(let value): encoder.append(value, column: column, to: &sink.buffer)
      case .double(let value): encoder.append(value, column: column, to: &sink.buffer)
      case .none: encoder.appendNothing(column: column, to: &sink.buffer)
      }
    }
    encoder.appendEnd(to: &sink.buffer)
    try sink.flushIfFull()
  }

  /// Writes what is left and puts a file in its place: ``TextSink/finish()``.
  public func finish() throws { try sink.finish() }
}
