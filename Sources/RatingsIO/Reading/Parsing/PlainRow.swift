/// A row as most are: whole numbers for user and item and a short decimal for the rating, in the first three columns.
///
/// Recognized eight characters at a time, without looking for columns first. Whatever does not look like that is left to
/// the general parser, which gives the same for what does.
struct PlainRow {
  var user: Int64 = 0
  var item: Int64 = 0
  var rating: Float = 0

  /// Bytes that may be read behind the last of a block; the first of them must be a line end.
  static let padding = 32

  /// Reads the row that begins at `start`; `nil` where it is none of the plain ones.
  ///
  /// - Parameters:
  ///   - separator: the byte between columns.
  ///   - quotes: whether a quote in a later column has a meaning.
  /// - Returns: The start of the next line.
  @inline(__always)
  mutating func read(
    from start: UnsafeMutablePointer<UInt8>, end: UnsafeMutablePointer<UInt8>, separator: UInt8, quotes: Bool
  ) -> UnsafeMutablePointer<UInt8>? {
    var position = UnsafePointer(start)
    guard let user = Self.id(&position, separator), let item = Self.id(&position, separator) else { return nil }
    let first = Self.digits(position)
    // With up to seven digits every mantissa is exact in 32 bits, and so is the power of ten: one rounding.
    guard first.count > 0, first.count <= 7 else { return nil }
    position += first.count
    self.user = user
    self.item = item
    if position.pointee == UInt8(ascii: ".") {
      position += 1
      let decimals = Self.digits(position)
      guard decimals.count > 0, first.count &+ decimals.count <= 7 else { return nil }
      position += decimals.count
      let scale = Self.power(decimals.count)
      rating = Float(first.value &* scale &+ decimals.value) / Float(scale)
    } else {
      rating = Float(first.value)
    }
    var next = UnsafeMutablePointer(mutating: position)
    if next.pointee == separator {
      // More columns, which do not matter.
      guard let lineEnd = PlainRow.lineEnd(from: next, to: end, quotes: quotes) else { return nil }
      next = lineEnd
    } else if next.pointee == UInt8(ascii: "\r") {
      next += 1
    }
    return next.pointee == UInt8(ascii: "\n") ? next + 1 : nil
  }

  /// A canonical whole number below 10¹⁶ and the separator behind it.
  @inline(__always)
  private static func id(_ position: inout UnsafePointer<UInt8>, _ separator: UInt8) -> Int64? {
    var (value, count) = digits(position)
    if count == 8 {
      let rest = digits(position + 8)
      guard rest.count < 8 else { return nil }
      value = value &* power(rest.count) &+ rest.value
      count &+= rest.count
    }
    // "0" is canonical, "00" and "" are not.
    guard count > 0, position.pointee != UInt8(ascii: "0") || count == 1, position[count] == separator else {
      return nil
    }
    position += count &+ 1
    return Int64(truncatingIfNeeded: value)
  }

  /// 10 to an exponent below 9.
  @inline(__always)
  private static func power(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power = power &* 10 }
    return power
  }

  /// How many of the next eight characters are digits before the first that is none, and their value.
  @inline(__always)
  private static func digits(_ position: UnsafePointer<UInt8>) -> (value: UInt64, count: Int) {
    let word = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
    // A byte above 9 gets its highest bit set. What is carried reaches later characters only.
    let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
    let count = others.trailingZeroBitCount &>> 3
    if count == 0 { return (0, 0) }
    // The digits to the end of the word, zeros before them; then pairs, fours, eight.
    var value = word &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    value = (value &* 10 &+ value &>> 8) & 0x00ff_00ff_00ff_00ff
    value = (value &* 100 &+ value &>> 16) & 0x0000_ffff_0000_ffff
    value = (value &* 10_000 &+ value &>> 32) & 0xffff_ffff
    return (value, count)
  }

  /// The end of the line; `nil` where there is a quote before it that may have a meaning.
  private static func lineEnd(
    from start: UnsafeMutablePointer<UInt8>, to end: UnsafeMutablePointer<UInt8>, quotes: Bool
  ) -> UnsafeMutablePointer<UInt8>? {
    var position = start
    while position < end && position.pointee != UInt8(ascii: "\n") {
      if quotes && position.pointee == UInt8(ascii: "\"") { return nil }
      position += 1
    }
    return position
  }
}
