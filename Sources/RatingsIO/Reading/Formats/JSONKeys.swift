#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keys of a JSON object whose values are columns, in the order of ``names``, wherever they stand in the object; other keys do
/// not matter. Of a key that comes twice, the last value counts.
struct JSONKeys: Sendable {
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
    /// Anything; objects and arrays are the words for them.
    case any
  }

  /// A value that is not what its role wants.
  struct Fault {
    var column: Int
    var text: Field
  }

  /// Such values. They are told once the whole object has been read, since what stands behind them may say that they do not
  /// matter.
  struct Faults {
    /// The first one of an id.
    var ofID: Fault?
    /// The first one of anything else.
    var ofOther: Fault?

    var first: Fault? { ofID ?? ofOther }
  }

  /// The keys that matter.
  let names: [String]
  private let roles: [Role]
  /// The UTF-8 of all keys, and where that of each ends.
  private let nameBytes: [UInt8]
  private let nameEnds: [Int]
  /// Columns whose keys are not known yet: the first key of a role is.
  private let undecided: [(role: ColumnNames.Role, column: Int)]

  init(_ keys: [(key: String, role: Role)], undecided: [(role: ColumnNames.Role, column: Int)] = []) {
    names = keys.map(\.key)
    roles = keys.map(\.role)
    nameBytes = keys.flatMap { Array($0.key.utf8) }
    var ends: [Int] = []
    for (key, _) in keys { ends.append((ends.last ?? 0) + key.utf8.count) }
    nameEnds = ends
    self.undecided = undecided
  }

  var count: Int { names.count }

  /// A bit for each column.
  var all: UInt { 1 << UInt(truncatingIfNeeded: names.count) &- 1 }

  /// A bit for each column that holds ids.
  var ids: UInt { roles.indices.reduce(0) { $0 | (roles[$1] == .id ? 1 << UInt($1) : 0) } }

  /// Reads the object that begins at the scanner's next byte.
  ///
  /// - Returns: A bit for each column that was found.
  @inline(__always)
  func read(
    _ scanner: inout JSONScanner, into fields: UnsafeMutablePointer<Field>, faults: inout Faults
  ) throws(RowFault) -> UInt {
    var found: UInt = 0
    try scanner.object { scanner, key throws(RowFault) in
      if let column = column(of: key) ?? undecidedColumn(of: key, found: found) {
        fields[column] = try value(&scanner, of: column, faults: &faults)
        found |= 1 << UInt(truncatingIfNeeded: column)
      } else {
        try scanner.skipValue()
      }
    }
    return found
  }

  /// The keys of the object that begins at the scanner's next byte, in the order of the object.
  static func names(_ scanner: inout JSONScanner) throws(RowFault) -> [String] {
    var keys: [String] = []
    try scanner.object { scanner, key throws(RowFault) in
      keys.append(key.text)
      try scanner.skipValue()
    }
    return keys
  }

  @inline(__always)
  private func column(of key: Field) -> Int? {
    nameBytes.withUnsafeBufferPointer { bytes in
      nameEnds.withUnsafeBufferPointer { ends in
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
  private func undecidedColumn(of key: Field, found: UInt) -> Int? {
    undecided.isEmpty ? nil : roleColumn(of: key.text, found: found)
  }

  @inline(never)
  private func roleColumn(of key: String, found: UInt) -> Int? {
    guard let role = ColumnNames.role(of: key), let column = undecided.first(where: { $0.role == role })?.column else {
      return nil
    }
    return found >> UInt(column) & 1 == 0 ? column : nil
  }

  @inline(__always)
  private func value(
    _ scanner: inout JSONScanner, of column: Int, faults: inout Faults
  ) throws(RowFault) -> Field {
    switch scanner.next() {
    case UInt8(ascii: "\""): return try scanner.string()
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "N"), UInt8(ascii: "I"):
      let (text, isWhole) = try scanner.number()
      if !isWhole, roles[column] == .id {
        faults.ofID = faults.ofID ?? Fault(column: column, text: text)
      }
      return text
    default: return try otherValue(&scanner, of: column, faults: &faults)
    }
  }

  /// A value that is neither a string nor a number.
  @inline(never)
  private func otherValue(
    _ scanner: inout JSONScanner, of column: Int, faults: inout Faults
  ) throws(RowFault) -> Field {
    let first = scanner.next()
    let text = try scanner.skippedValue()
    switch roles[column] {
    case .id: faults.ofID = faults.ofID ?? Fault(column: column, text: text)
    case .rating, .time: faults.ofOther = faults.ofOther ?? Fault(column: column, text: text)
    case .name where first == UInt8(ascii: "n"): return Field(start: text.start, count: 0)
    case .name: faults.ofOther = faults.ofOther ?? Fault(column: column, text: text)
    case .any: break
    }
    return text
  }

  /// What is wrong with a value.
  func rowFault(_ fault: Fault) -> RowFault {
    let found =
      switch fault.text.bytes.first {
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "["): "an array"
      default: fault.text.excerpt
      }
    let column = fault.column + 1
    switch roles[fault.column] {
    case .id: return .notAnID(column: column, found: found)
    case .time: return .notATime(column: column, found: found)
    case .name: return .notAName(column: column, found: found)
    case .rating, .any: return .notANumber(column: column, found: found)
    }
  }
}
