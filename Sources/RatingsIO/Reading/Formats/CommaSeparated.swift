/// Columns between commas, with RFC 4180 quotes.
///
/// A field that begins with a quote ends at the next lone one; `""` inside stands for `"`. Elsewhere quotes are ordinary
/// characters. Spaces around a field, as people write them behind commas, do not belong to it. The whole line is looked at, so that a quoted line end in any column is noticed.
struct CommaSeparated: RowSyntax {
  @inline(__always)
  var plainSeparator: (byte: UInt8, quotes: Bool)? { (UInt8(ascii: ","), true) }

  @inline(__always)
  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    let base = line.baseAddress!
    let count = line.count
    var position = 0
    var field = 0
    while true {
      let content: Field
      while position < count && base[position] == UInt8(ascii: " ") { position &+= 1 }
      if position < count && base[position] == UInt8(ascii: "\"") {
        content = try quoted(line, from: &position, column: field &+ 1)
      } else {
        let start = position
        while position < count && base[position] != UInt8(ascii: ",") { position &+= 1 }
        var end = position
        while end > start && base[end &- 1] == UInt8(ascii: " ") { end &-= 1 }
        content = Field(start: base + start, count: end &- start)
      }
      if field < limit { fields[field] = content }
      field &+= 1
      if position == count { return field }
      position &+= 1
    }
  }

  /// Reads a quoted field and leaves `position` at the comma behind it or at the end of the line.
  private func quoted(
    _ line: UnsafeMutableBufferPointer<UInt8>, from position: inout Int, column: Int
  ) throws(RowFault) -> Field {
    let base = line.baseAddress!
    let start = position + 1
    var from = start
    var to = start
    while true {
      guard from < line.count else { throw .unclosedQuote(column: column) }
      if base[from] == UInt8(ascii: "\"") {
        guard from + 1 < line.count, base[from + 1] == UInt8(ascii: "\"") else { break }
        from += 1
      }
      base[to] = base[from]
      from += 1
      to += 1
    }
    position = from + 1
    while position < line.count && base[position] == UInt8(ascii: " ") { position += 1 }
    guard position == line.count || base[position] == UInt8(ascii: ",") else {
      throw .textAfterQuote(column: column)
    }
    return Field(start: base + start, count: to - start)
  }
}
