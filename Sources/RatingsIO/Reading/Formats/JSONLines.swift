/// One JSON object per line. Its columns are the values of some keys.
struct JSONLines: RowSyntax {
  private let keys: JSONKeys

  init(_ keys: JSONKeys) { self.keys = keys }

  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    guard let base = line.baseAddress else { return 0 }
    var scanner = JSONScanner(line, from: base)
    guard scanner.next() == UInt8(ascii: "{") else { throw Self.notAnObject(line) }
    var faults = JSONKeys.Faults()
    let found = try keys.read(&scanner, into: fields, faults: &faults)
    try scanner.expectEnd()
    if let fault = faults.first { throw keys.rowFault(fault) }
    guard found == keys.all else { throw .missingKey(keys.names[(~found).trailingZeroBitCount]) }
    return keys.count
  }

  func named(_ fault: RowFault) -> RowFault { fault.of(keys: keys.names) }

  /// The keys of a row, in the order of the row.
  static func keys(of line: [UInt8]) throws(RowFault) -> [String] {
    var line = line
    return try line.withUnsafeMutableBufferPointer { line throws(RowFault) in
      guard let base = line.baseAddress else { return [] }
      var scanner = JSONScanner(line, from: base)
      guard scanner.next() == UInt8(ascii: "{") else { throw notAnObject(line) }
      let keys = try JSONKeys.names(&scanner)
      try scanner.expectEnd()
      return keys
    }
  }

  /// Whether a line looks like a row, or like JSON over several lines, which is better refused as JSON than read as text.
  static func isLikely(_ line: [UInt8]) -> Bool {
    let characters = line.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    switch characters.first {
    case UInt8(ascii: "{"):
      return characters.count == 1 || [UInt8(ascii: "\""), UInt8(ascii: "}")].contains(characters[1])
    case UInt8(ascii: "["):
      return characters.count == 1 || [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(characters[1])
    default: return false
    }
  }

  static func notAnObject(_ line: UnsafeMutableBufferPointer<UInt8>) -> RowFault {
    .notAnObject(found: line.baseAddress.map { Field(start: UnsafePointer($0), count: line.count).excerpt } ?? "")
  }
}
