/// Columns between `::`, without quoting.
struct DoubleColonSeparated: RowSyntax {
  @inline(__always)
  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    let base = UnsafePointer(line.baseAddress!)
    let count = line.count
    var start = 0
    var position = 0
    var field = 0
    let colon = UInt8(ascii: ":")
    while true {
      while position < count && !(base[position] == colon && position &+ 1 < count && base[position &+ 1] == colon) {
        position &+= 1
      }
      fields[field] = Field(start: base + start, count: position &- start)
      field &+= 1
      if position == count || field == limit { return field }
      position &+= 2
      start = position
    }
  }
}
