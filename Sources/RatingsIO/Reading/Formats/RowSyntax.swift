/// How a line of a format splits into columns. A format is one conforming type and one line in ``RatingsFormat``.
protocol RowSyntax {
  /// Splits a line, without its line end, and stores its first `limit` fields.
  ///
  /// Escapes are resolved in place, so the bytes of the line may change.
  ///
  /// - Returns: The number of columns; where there are more than `limit`, any number above or equal to it.
  static func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int

  /// The byte between columns, where it is one, and whether quotes have a meaning: rows of plain numbers can then be read
  /// without being split; see ``PlainRow``.
  static var plainSeparator: (byte: UInt8, quotes: Bool)? { get }

  /// Parses a block of lines into a chunk. A requirement, so that each format has its specialized loop.
  static func parse(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, with parser: inout BlockParser)
}

extension RowSyntax {
  static var plainSeparator: (byte: UInt8, quotes: Bool)? { nil }

  static func parse(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, with parser: inout BlockParser
  ) {
    parser.parse(block, into: chunk, layout: layout, as: Self.self)
  }
}
