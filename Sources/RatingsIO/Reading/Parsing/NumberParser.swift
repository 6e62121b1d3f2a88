/// Decimal numbers from bytes, rounded correctly to 32 bits.
enum NumberParser {
  /// 10⁰ … 10²²: the powers that double precision holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The value of `[+-]digits[.digits][e[+-]digits]`, spaces around it allowed.
  ///
  /// - Parameter column: counted from 1, for the fault.
  @inline(__always)
  static func float(_ field: Field, column: Int) throws(RowFault) -> Float {
    // One to seven digits are exact in 32 bits; they are nearly all there is.
    if field.count &- 1 < 7 && field.count > 0 {
      var value: UInt32 = 0
      var position = 0
      repeat {
        let digit = field.start[position] &- 48
        if digit > 9 { break }
        value = value &* 10 &+ UInt32(truncatingIfNeeded: digit)
        position &+= 1
      } while position < field.count
      if position == field.count { return Float(value) }
    }
    return try general(field, column: column)
  }

  /// The value of a text, `nil` where it is no finite number.
  static func finiteFloat(_ text: some StringProtocol) -> Float? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return nil }
      return try? float(Field(start: start, count: bytes.count), column: 1)
    }
  }

  /// Whether a field is a number, finite or not: what a header is told from.
  static func isNumber(_ field: Field) -> Bool {
    do {
      _ = try float(field, column: 1)
      return true
    } catch .notANumber {
      return false
    } catch {
      return true
    }
  }

  private static func general(_ field: Field, column: Int) throws(RowFault) -> Float {
    var text = field.bytes[...]
    while let first = text.first, first == UInt8(ascii: " ") { text.removeFirst() }
    while let last = text.last, last == UInt8(ascii: " ") { text.removeLast() }
    let trimmed = UnsafeBufferPointer(rebasing: text)
    var position = 0
    var isNegative = false
    if position < trimmed.count && (trimmed[position] == UInt8(ascii: "-") || trimmed[position] == UInt8(ascii: "+")) {
      isNegative = trimmed[position] == UInt8(ascii: "-")
      position += 1
    }
    var mantissa: UInt64 = 0
    var mantissaIsExact = true
    var digits = 0
    var decimals = 0
    var isFraction = false
    while position < trimmed.count {
      let byte = trimmed[position]
      if byte == UInt8(ascii: ".") && !isFraction {
        isFraction = true
      } else {
        let digit = byte &- 48
        if digit > 9 { break }
        digits += 1
        if isFraction { decimals += 1 }
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa * 10 + UInt64(digit)
        } else {
          mantissaIsExact = false
        }
      }
      position += 1
    }
    guard digits > 0 else { throw notANumber(field, trimmed, from: position, column: column) }
    if position == trimmed.count && mantissaIsExact {
      if decimals == 0 {
        let value = Float(mantissa)
        return isNegative ? -value : value
      }
      if mantissa < 1 << 53 && decimals < powers.count {
        // Exact operands: the quotient is rounded once to double. Rounding it again to 32 bits is correct unless it lies
        // halfway between two such numbers.
        let quotient = Double(mantissa) / powers[decimals]
        if quotient.bitPattern & 0x1fff_ffff != 0x1000_0000 {
          return Float(isNegative ? -quotient : quotient)
        }
      }
    }
    guard isNumeral(trimmed, from: position) else {
      throw .notANumber(column: column, found: field.excerpt)
    }
    // The standard library rounds correctly, in any locale. It knows no leading plus sign in some versions.
    let numeral = trimmed.first == UInt8(ascii: "+") ? UnsafeBufferPointer(rebasing: trimmed.dropFirst()) : trimmed
    guard let value = Float(String(decoding: numeral, as: UTF8.self)) else {
      throw .notANumber(column: column, found: field.excerpt)
    }
    guard value.isFinite else { throw .overflow(column: column, found: field.excerpt) }
    return value
  }

  /// Whether nothing or an exponent follows the digits.
  private static func isNumeral(_ text: UnsafeBufferPointer<UInt8>, from position: Int) -> Bool {
    if position == text.count { return true }
    guard text[position] | 0x20 == UInt8(ascii: "e") else { return false }
    var exponent = text[(position + 1)...]
    if let sign = exponent.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { exponent.removeFirst() }
    return !exponent.isEmpty && exponent.allSatisfy { $0 &- 48 <= 9 }
  }

  /// NaN and infinity have a fault of their own.
  private static func notANumber(
    _ field: Field, _ text: UnsafeBufferPointer<UInt8>, from position: Int, column: Int
  ) -> RowFault {
    let word = String(decoding: text[min(position, text.count)...].prefix(9), as: UTF8.self).lowercased()
    return ["nan", "inf", "infinity"].contains(word)
      ? .notFinite(column: column, found: field.excerpt) : .notANumber(column: column, found: field.excerpt)
  }
}
