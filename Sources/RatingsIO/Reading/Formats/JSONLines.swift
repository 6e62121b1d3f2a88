#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One JSON object per line. Its columns are the values of some keys, in the order of ``keys``, wherever these stand in the
/// object; other keys do not matter. Of a key that comes twice, the last value counts.
struct JSONLines: RowSyntax {
  /// What the values of a key have to be.
  enum Role {
    /// A string, or a whole number, which is the same id as the string of its digits.
    case id
    /// A number, also as a string.
    case rating
    /// A number or a string.
    case time
    /// A string, or `null` for none.
    case name
  }

  /// The keys that matter.
  let keys: [String]
  private let roles: [Role]
  /// The UTF-8 of all keys, and where that of each ends.
  private let keyBytes: [UInt8]
  private let keyEnds: [Int]

  init(_ keys: [(key: String, role: Role)]) {
    self.keys = keys.map(\.key)
    roles = keys.map(\.role)
    keyBytes = keys.flatMap { Array($0.key.utf8) }
    var ends: [Int] = []
    for (key, _) in keys { ends.append((ends.last ?? 0) + key.utf8.count) }
    keyEnds = ends
  }

  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    guard let base = line.baseAddress else { return 0 }
    var scanner = JSONScanner(line, from: base)
    guard scanner.take(UInt8(ascii: "{")) else { throw Self.notAnObject(line) }
    var found: UInt = 0
    if !scanner.take(UInt8(ascii: "}")) {
      while true {
        let key = try scanner.string()
        try scanner.expect(UInt8(ascii: ":"))
        if let column = column(of: key), column < limit {
          fields[column] = try value(&scanner, of: column)
          found |= 1 << UInt(truncatingIfNeeded: column)
        } else {
          try scanner.skipValue()
        }
        if scanner.take(UInt8(ascii: "}")) { break }
        guard scanner.take(UInt8(ascii: ",")) else { throw scanner.fault("\",\" or \"}\"") }
      }
    }
    try scanner.expectEnd()
    guard found == 1 << UInt(truncatingIfNeeded: keys.count) &- 1 else {
      throw .missingKey(keys[(~found).trailingZeroBitCount])
    }
    return keys.count
  }

  func named(_ fault: RowFault) -> RowFault { fault.of(keys: keys) }

  /// The keys of a row, in the order of the row.
  static func keys(of line: [UInt8]) throws(RowFault) -> [String] {
    var line = line
    return try line.withUnsafeMutableBufferPointer { line throws(RowFault) in
      guard let base = line.baseAddress else { return [] }
      var scanner = JSONScanner(line, from: base)
      guard scanner.take(UInt8(ascii: "{")) else { throw notAnObject(line) }
      var keys: [String] = []
      if !scanner.take(UInt8(ascii: "}")) {
        while true {
          keys.append(try scanner.string().text)
          try scanner.expect(UInt8(ascii: ":"))
          try scanner.skipValue()
          if scanner.take(UInt8(ascii: "}")) { break }
          guard scanner.take(UInt8(ascii: ",")) else { throw scanner.fault("\",\" or \"}\"") }
        }
      }
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

  @inline(__always)
  private func column(of key: Field) -> Int? {
    keyBytes.withUnsafeBufferPointer { bytes in
      keyEnds.withUnsafeBufferPointer { ends in
        var start = 0
        for column in 0..<ends.count {
          let end = ends[column]
          if end &- start == key.count, memcmp(bytes.baseAddress! + start, key.start, key.count) == 0 { return column }
          start = end
        }
        return nil
      }
    }
  }

  @inline(__always)
  private func value(_ scanner: inout JSONScanner, of column: Int) throws(RowFault) -> Field {
    switch scanner.next() {
    case UInt8(ascii: "\""): return try scanner.string()
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "N"), UInt8(ascii: "I"):
      let (text, isWhole) = try scanner.number()
      if !isWhole, roles[column] == .id { throw .notAnID(column: column + 1, found: text.excerpt) }
      return text
    default: return try otherValue(&scanner, of: column)
    }
  }

  /// A value that is neither a string nor a number.
  @inline(never)
  private func otherValue(_ scanner: inout JSONScanner, of column: Int) throws(RowFault) -> Field {
    let first = scanner.next()
    let text = try scanner.skippedValue()
    let found =
      switch first {
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "["): "an array"
      default: text.excerpt
      }
    switch roles[column] {
    case .id: throw .notAnID(column: column + 1, found: found)
    case .rating: throw .notANumber(column: column + 1, found: found)
    case .time: throw .notATime(column: column + 1, found: found)
    case .name where first == UInt8(ascii: "n"): return Field(start: text.start, count: 0)
    case .name: throw .notAName(column: column + 1, found: found)
    }
  }

  private static func notAnObject(_ line: UnsafeMutableBufferPointer<UInt8>) -> RowFault {
    .notAnObject(found: Field(start: UnsafePointer(line.baseAddress!), count: line.count).excerpt)
  }
}
