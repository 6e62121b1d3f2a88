/// The bytes of one column of a row, within the block that is being read.
struct Field {
  var start: UnsafePointer<UInt8>
  var count: Int

  init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  /// Text of the program.
  @inline(__always)
  init(_ text: StaticString) {
    self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Whether it holds a text of the program.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for position in 0..<count where start[position] != text.utf8Start[position] { return false }
    return true
  }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// The text; bytes that are not UTF-8 become replacement characters.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The text for a message: one line, not too long.
  var excerpt: String {
    let limit = 40
    let shown = String(decoding: bytes.prefix(limit), as: UTF8.self)
    let escaped = shown.unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7f ? scalar.escaped(asASCII: false) : String(scalar)
    }
    return escaped.joined() + (count > limit ? "…" : "")
  }
}
