/// Columns between tabs, without quoting.
struct TabSeparated: RowSyntax {
  @inline(__always)
  var plainSeparator: (byte: UInt8, quotes: Bool)? { (UInt8(ascii: "\t"), false) }

  @inline(__always)
  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    let base = UnsafePointer(line.baseAddress!)
    let count = line.count
    var start = 0
    var position = 0
    var field = 0
    while true {
      while position < count && base[position] != UInt8(ascii: "\t") { position &+= 1 }
      fields[field] = Field(start: base + start, count: position &- start)
      field &+= 1
      if position == count || field == limit { return field }
      position &+= 1
      start = position
    }
  }
}
