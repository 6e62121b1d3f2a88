/// Just enough of Python's literals for a NumPy header.
struct PythonLiteralParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return position == bytes.count
    }
  }

  mutating func take(_ text: StaticString) -> Bool {
    skipSpace()
    let wanted = text.withUTF8Buffer { Array($0) }
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  mutating func string() -> String? {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"") else {
      return nil
    }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: bytes[position]) else { return nil }
    position = end + 1
    return String(validating: bytes[start..<end], as: UTF8.self)
  }

  mutating func boolean() -> Bool? {
    take("True") ? true : take("False") ? false : nil
  }

  mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var extents: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = bytes[position...].prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard let extent = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      position = digits.endIndex
      _ = take("L")  // Python 2 wrote long integers so.
      extents.append(extent)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return extents
  }

  /// The fields of a record: `[('user', '<i8'), ('tags', '<i4', (3,))]`. A field's name may have a title before it.
  mutating func fields() -> [NPYField]? {
    guard take("[") else { return nil }
    var fields: [NPYField] = []
    while !take("]") {
      guard take("("), let name = fieldName(), take(","), let type = string() else { return nil }
      var field = NPYField(name: name, elementType: type)
      if take(",") {
        guard let extents = tuple() else { return nil }
        for extent in extents {
          let (count, overflow) = field.count.multipliedReportingOverflow(by: extent)
          guard !overflow else { return nil }
          field.count = count
        }
      }
      guard take(")") else { return nil }
      fields.append(field)
      if !take(",") {
        guard take("]") else { return nil }
        break
      }
    }
    return fields
  }

  private mutating func fieldName() -> String? {
    guard take("(") else { return string() }
    guard string() != nil, take(","), let name = string(), take(")") else { return nil }
    return name
  }

  /// Whether a text comes next.
  mutating func isAt(_ text: StaticString) -> Bool {
    let start = position
    defer { position = start }
    return take(text)
  }
}
