/// The entries of a Matrix Market file (https://math.nist.gov/MatrixMarket/formats.html): row and column, counted from 1,
/// and a value unless the matrix is a mere pattern. Columns are apart by spaces or tabs; lines that begin with `%` are
/// comments.
struct MatrixMarket: RowSyntax {
  /// The highest row and the highest column.
  let size: (rows: Int, columns: Int)
  /// Columns of a line: two or three.
  let columnCount: Int

  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    guard let base = line.baseAddress else { return 0 }
    let count = line.count
    var position = 0
    var column = 0
    while true {
      while position < count, Self.isSpace(base[position]) { position &+= 1 }
      if position == count { break }
      let start = position
      repeat { position &+= 1 } while position < count && !Self.isSpace(base[position])
      var field = Field(start: base + start, count: position &- start)
      if column < 2 { field = try index(field, column: column) }
      if column < limit { fields[column] = field }
      column &+= 1
    }
    guard column == columnCount else { throw .missingColumns(expected: columnCount, found: column) }
    return column
  }

  func isBlank(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    guard let first = line.first(where: { !Self.isSpace($0) }) else { return true }
    return first == UInt8(ascii: "%")
  }

  /// The index in a field without leading zeros, within the size of the matrix.
  @inline(__always)
  private func index(_ field: Field, column: Int) throws(RowFault) -> Field {
    var index = field
    while index.count > 1, index.start[0] == UInt8(ascii: "0") {
      index.start += 1
      index.count &-= 1
    }
    let limit = column == 0 ? size.rows : size.columns
    guard let value = IDTable.integer(index), value > 0, value <= limit else {
      throw .beyondSize(column: column + 1, limit: limit, found: field.excerpt)
    }
    return index
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
