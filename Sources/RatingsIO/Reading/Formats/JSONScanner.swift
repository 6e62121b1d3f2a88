/// Goes through the JSON of one line (RFC 8259), in place and without allocating.
///
/// NaN and the infinities, which Python writes, pass as numbers. Messages, unlike lines, may have line ends between their parts.
struct JSONScanner {
  private let base: UnsafeMutablePointer<UInt8>
  private let count: Int
  /// Bytes that have been passed.
  private(set) var position = 0

  /// Deeper nesting than this is no row of data.
  private static let maximumDepth = 64

  init(_ line: UnsafeMutableBufferPointer<UInt8>, from base: UnsafeMutablePointer<UInt8>) {
    self.base = base
    count = line.count
  }

  /// The next byte behind spaces, 0 at the end.
  @inline(__always)
  mutating func next() -> UInt8 {
    while position < count {
      let byte = base[position]
      if byte > 32 || (byte != 32 && byte != 9 && byte != 13 && byte != 10) { return byte }
      position &+= 1
    }
    return 0
  }

  /// Passes a byte if it is the next one.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard next() == byte else { return false }
    position &+= 1
    return true
  }

  /// Passes a byte that must be the next one.
  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(RowFault) {
    guard take(byte) else { throw fault("\"\(Unicode.Scalar(byte))\"") }
  }

  /// Checks that nothing follows.
  @inline(__always)
  mutating func expectEnd() throws(RowFault) {
    guard next() == 0, position == count else { throw fault("the end of the line") }
  }

  /// That something else was expected here.
  @inline(never)
  func fault(_ expected: String) -> RowFault { .invalidJSON(byte: position + 1, expected: expected) }

  // MARK: Strings

  /// Passes a string; its content, escapes resolved.
  @inline(__always)
  mutating func string() throws(RowFault) -> Field {
    try expectQuote()
    let start = position
    skipPlainCharacters()
    if position < count, base[position] == UInt8(ascii: "\"") {
      position &+= 1
      return Field(start: base + start, count: position &- 1 &- start)
    }
    return try escapedString(from: start)
  }

  @inline(__always)
  private mutating func expectQuote() throws(RowFault) {
    guard take(UInt8(ascii: "\"")) else { throw fault("a string") }
  }

  /// Goes on to the next quote, backslash or control character, or to the end.
  @inline(__always)
  private mutating func skipPlainCharacters() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    while position &+ 8 <= count {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt64.self))
      // A high bit marks a byte that is zero, or too small; the lowest mark is never wrong.
      let quotes = word ^ 0x2222_2222_2222_2222
      let slashes = word ^ 0x5c5c_5c5c_5c5c_5c5c
      let marks =
        ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- 0x2020_2020_2020_2020) & ~word) & highs
      if marks != 0 {
        position &+= marks.trailingZeroBitCount &>> 3
        return
      }
      position &+= 8
    }
    while position < count {
      let byte = base[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
      position &+= 1
    }
  }

  /// The rest of a string, which holds an escape or a fault where the scanner stands.
  @inline(never)
  private mutating func escapedString(from start: Int) throws(RowFault) -> Field {
    var end = position
    while position < count {
      let byte = base[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return Field(start: base + start, count: end - start)
      }
      guard byte >= 0x20 else { throw fault("an escape in place of a control character") }
      if byte == UInt8(ascii: "\\") {
        try resolveEscape(into: &end)
      } else {
        base[end] = byte
        end += 1
        position += 1
      }
    }
    throw fault("the end of the string")
  }

  /// Puts the character of an escape at `end`, which is never beyond the escape.
  private mutating func resolveEscape(into end: inout Int) throws(RowFault) {
    guard position + 1 < count else { throw fault("the end of the string") }
    let kind = base[position + 1]
    if kind == UInt8(ascii: "u") {
      for byte in UTF8.encode(try unicodeEscape()) ?? UTF8.encodedReplacementCharacter {
        base[end] = byte
        end += 1
      }
      return
    }
    let character: UInt8
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): character = kind
    case UInt8(ascii: "n"): character = 10
    case UInt8(ascii: "t"): character = 9
    case UInt8(ascii: "r"): character = 13
    case UInt8(ascii: "b"): character = 8
    case UInt8(ascii: "f"): character = 12
    default: throw fault("an escape that JSON knows")
    }
    base[end] = character
    end += 1
    position += 2
  }

  private mutating func unicodeEscape() throws(RowFault) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, position + 1 < count, base[position] == UInt8(ascii: "\\"),
      base[position + 1] == UInt8(ascii: "u")
    else { throw fault("a surrogate pair") }
    let second = try codeUnit()
    guard 0xdc00..<0xe000 ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw fault("a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(RowFault) -> UInt32 {
    guard position + 6 <= count else { throw fault("four hexadecimal digits") }
    var unit: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = Character(Unicode.Scalar(base[position + offset])).hexDigitValue else {
        throw fault("four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
    }
    position += 6
    return unit
  }

  // MARK: Numbers and words

  /// Passes a number; whether it is a whole one, without fraction and exponent.
  @inline(__always)
  mutating func number() throws(RowFault) -> (text: Field, isWhole: Bool) {
    let start = position
    if base[position] == UInt8(ascii: "-") { position &+= 1 }
    let first = position
    skipDigits()
    var isWhole = true
    if position < count, base[position] == UInt8(ascii: ".") || base[position] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      try skipFraction(first)
    } else if position == first, take(word: "Infinity") || take(word: "NaN") {
      isWhole = false
    } else if position == first || (base[first] == UInt8(ascii: "0") && position > first &+ 1) {
      position = start
      throw fault("a value")
    }
    return (Field(start: base + start, count: position &- start), isWhole)
  }

  private mutating func skipFraction(_ first: Int) throws(RowFault) {
    guard position > first, base[first] != UInt8(ascii: "0") || position == first + 1 else { throw fault("a value") }
    if base[position] == UInt8(ascii: ".") {
      position += 1
      let digits = position
      skipDigits()
      guard position > digits else { throw fault("a digit") }
    }
    guard position < count, base[position] | 0x20 == UInt8(ascii: "e") else { return }
    position += 1
    if position < count, base[position] == UInt8(ascii: "-") || base[position] == UInt8(ascii: "+") { position += 1 }
    let digits = position
    skipDigits()
    guard position > digits else { throw fault("a digit") }
  }

  @inline(__always)
  private mutating func skipDigits() {
    while position < count, base[position] &- 48 <= 9 { position &+= 1 }
  }

  private mutating func take(word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard position + length <= count, (0..<length).allSatisfy({ base[position + $0] == word.utf8Start[$0] }) else {
      return false
    }
    position += length
    return true
  }

  // MARK: Values that do not matter

  /// Passes any value.
  @inline(__always)
  mutating func skipValue() throws(RowFault) {
    switch next() {
    case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
    default: try skipScalar()
    }
  }

  /// Passes any value and returns its text.
  mutating func skippedValue() throws(RowFault) -> Field {
    _ = next()
    let start = position
    try skipValue()
    return Field(start: base + start, count: position - start)
  }

  @inline(__always)
  private mutating func skipScalar() throws(RowFault) {
    switch next() {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t") where take(word: "true"): break
    case UInt8(ascii: "f") where take(word: "false"): break
    case UInt8(ascii: "n") where take(word: "null"): break
    case 0: throw fault("a value")
    default: _ = try number()
    }
  }

  private mutating func skipKey() throws(RowFault) {
    _ = try string()
    try expect(UInt8(ascii: ":"))
  }

  /// Passes an object or an array with all that is in it.
  private mutating func skipNested() throws(RowFault) {
    // A bit for each open bracket, 1 for an object's; that of the innermost is the lowest.
    var objects: UInt64 = 0
    var depth = 0
    repeat {
      let opening = next()
      if opening == UInt8(ascii: "{") || opening == UInt8(ascii: "[") {
        guard depth < Self.maximumDepth else { throw fault("fewer levels of nesting") }
        position += 1
        depth += 1
        objects = objects << 1 | (opening == UInt8(ascii: "{") ? 1 : 0)
        // Each closing bracket of ASCII is two behind its opening one.
        if next() != opening + 2 {
          if objects & 1 == 1 { try skipKey() }
          continue
        }
      } else {
        try skipScalar()
      }
      // Behind a value: the next one, or the ends of what it is in.
      while depth > 0 {
        if take(UInt8(ascii: ",")) {
          if objects & 1 == 1 { try skipKey() }
          break
        }
        try expect(UInt8(ascii: objects & 1 == 1 ? "}" : "]"))
        depth -= 1
        objects >>= 1
      }
    } while depth > 0
  }
}
