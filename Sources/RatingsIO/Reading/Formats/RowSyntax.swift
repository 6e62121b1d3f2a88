/// How a line of a file splits into columns. A value: it may hold what it has to know of its file, such as the keys of its
/// rows.
protocol RowSyntax: Sendable {
  /// Splits a line, without its line end, and stores its first `limit` fields.
  ///
  /// Escapes are resolved in place, so the bytes of the line may change.
  ///
  /// - Returns: The number of columns; where there are more than `limit`, any number above or equal to it. 0 stands for a line that is
  ///   whole and no row of data: it is passed over like a blank one.
  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int

  /// The byte between columns, where it is one, and whether quotes have a meaning: rows of plain numbers can then be read
  /// without being split; see ``PlainRow``.
  var plainSeparator: (byte: UInt8, quotes: Bool)? { get }

  /// Whether a line is no row at all. Asked only about lines that do not split, and where it does not matter how long it
  /// takes.
  func isBlank(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool

  /// A fault of a row as its file words it, where columns go by names.
  func named(_ fault: RowFault) -> RowFault

  /// Parses a block of lines into a chunk. A requirement, so that each format has its specialized loop.
  func parse(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, with parser: inout BlockParser)
}

extension RowSyntax {
  var plainSeparator: (byte: UInt8, quotes: Bool)? { nil }

  func isBlank(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool { line.allSatisfy { $0 == UInt8(ascii: " ") } }

  func named(_ fault: RowFault) -> RowFault { fault }

  func parse(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, with parser: inout BlockParser
  ) {
    parser.parse(block, into: chunk, layout: layout, as: self)
  }
}
