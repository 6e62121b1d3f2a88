/// The first rows of a file, to find out its format and header.
struct HeadRows {
  let format: RatingsFormat?
  /// The first lines that are not blank.
  let lines: [[UInt8]]
  /// Their columns, where these are delimited; a row that does not split stands with none.
  private(set) var rows: [[Column]] = []
  /// Lines and bytes up to and with the first row.
  private(set) var firstRowLines = 0
  private(set) var firstRowBytes = 0
  /// Bytes of the byte order mark.
  private(set) var markBytes = 0

  /// What can be told from a field.
  struct Column {
    let text: String
    let isNumber: Bool
    let isInteger: Bool
  }

  /// Rows that are looked at.
  private static let limit = 10
  private static let columnLimit = 10_000

  /// - Parameter head: Whole lines from the start of the file.
  init(_ head: ArraySlice<UInt8>, format: RatingsFormat?) {
    if head.starts(with: [0xef, 0xbb, 0xbf]) { markBytes = 3 }
    var lines: [[UInt8]] = []
    var start = head.startIndex + markBytes
    var lineNumber = 0
    while start < head.endIndex && lines.count < Self.limit {
      let end = head[start...].firstIndex(of: UInt8(ascii: "\n")) ?? head.endIndex
      var line = Array(head[start..<end])
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      start = min(end + 1, head.endIndex)
      lineNumber += 1
      if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
      if lines.isEmpty {
        firstRowLines = lineNumber
        firstRowBytes = start - head.startIndex
      }
      lines.append(line)
    }
    let found = format ?? lines.lazy.compactMap(Self.format(of:)).first
    self.format = found
    self.lines = lines
    rows = lines.map { Self.split($0, as: found) }
  }

  /// The same rows without their first columns.
  func droppingColumns(_ count: Int) -> HeadRows {
    var head = self
    if count > 0 { head.rows = rows.map { Array($0.dropFirst(count)) } }
    return head
  }

  private static func format(of line: [UInt8]) -> RatingsFormat? {
    if MatrixMarketHeader.begins(line) { return .matrixMarket }
    if JSONLines.isLikely(line) { return .jsonl }
    if line.contains(UInt8(ascii: "\t")) { return .tsv }
    let colon = UInt8(ascii: ":")
    if zip(line, line.dropFirst()).contains(where: { $0 == colon && $1 == colon }) { return .movielens }
    return line.contains(UInt8(ascii: ",")) ? .csv : nil
  }

  private static func split(_ line: [UInt8], as format: RatingsFormat?) -> [Column] {
    var line = line
    return line.withUnsafeMutableBufferPointer { line in
      guard let base = line.baseAddress else { return [] }
      let limit = min(line.count + 1, columnLimit)
      return withUnsafeTemporaryAllocation(of: Field.self, capacity: limit) { fields in
        fields.initialize(repeating: Field(start: base, count: 0))
        var count = 1
        if let syntax = format?.delimitedSyntax {
          guard let found = try? syntax.split(line, into: fields.baseAddress!, limit: limit) else { return [] }
          count = min(found, limit)
        } else {
          fields[0] = Field(start: base, count: line.count)
        }
        return fields[..<count].map { field in
          Column(
            text: field.text, isNumber: NumberParser.isNumber(field),
            isInteger: IDTable.integer(field) != nil)
        }
      }
    }
  }
}
