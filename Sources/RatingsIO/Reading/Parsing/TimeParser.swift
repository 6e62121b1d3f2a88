/// Times from bytes.
enum TimeParser {
  /// The time in a field, or `nil`: a decimal number, or `yyyy-MM-dd`, `yyyy-MM-dd HH:mm[:ss[.fraction]]` with a `T` or spaces between
  /// and `Z` or an offset like `+02:00` behind.
  static func time(_ field: Field) -> Double? {
    var bytes = field.bytes[...]
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    // Whole numbers are nearly all there is.
    if !bytes.isEmpty, bytes.count <= 15, bytes.allSatisfy({ $0 &- 48 <= 9 }) {
      return Double(bytes.reduce(Int64(0)) { $0 &* 10 &+ Int64($1 &- 48) })
    }
    if bytes.count >= 10, bytes[bytes.startIndex + 4] == UInt8(ascii: "-") { return date(bytes) }
    // Double also reads hexadecimal numbers and words.
    let characters = "0123456789+-.eE".utf8
    guard !bytes.isEmpty, bytes.allSatisfy(characters.contains),
      let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite
    else { return nil }
    return value
  }

  private static func date(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var rest = text
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count, rest.prefix(count).allSatisfy({ $0 &- 48 <= 9 }) else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reduce(0) { $0 * 10 + Int($1 - 48) }
    }
    func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
      (1...12).contains(month), (1...daysOfMonth(month, year: year)).contains(day)
    else { return nil }
    var seconds = Double(daysSince1970(year: year, month: month, day: day)) * 86_400
    if rest.isEmpty { return seconds }
    guard take("T") || take(" ") else { return nil }
    while take(" ") {}
    guard let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
    seconds += Double(hour * 3600 + minute * 60)
    if take(":") {
      // A leap second is the one after it.
      guard let second = digits(2), second <= 60 else { return nil }
      seconds += Double(second)
      if take(".") {
        guard rest.first.map({ $0 &- 48 <= 9 }) == true else { return nil }
        var scale = 0.1
        while let digit = digits(1) {
          seconds += Double(digit) * scale
          scale /= 10
        }
      }
    }
    while take(" ") {}
    if take("Z") || rest.isEmpty { return rest.isEmpty ? seconds : nil }
    let isEast = take("+")
    guard isEast || take("-"), let hours = digits(2) else { return nil }
    _ = take(":")
    guard let minutes = digits(2), rest.isEmpty, hours < 24, minutes < 60 else { return nil }
    let offset = Double(hours * 3600 + minutes * 60)
    return isEast ? seconds - offset : seconds + offset
  }

  private static func daysOfMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 in the Gregorian calendar, by eras of 400 years that begin with March.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
