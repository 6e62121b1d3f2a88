/// Numbers as people read them. Independent of the locale, so that output is the same everywhere.
enum Quantity {
  /// 1234567 → "1,234,567".
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// "1 user", "2,000 users".
  static func counted(_ value: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// Three significant digits with a unit of a thousand or more: 16_123_000 → "16.1 M".
  static func abbreviated(_ value: Double) -> String {
    for (scale, unit) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= scale * 0.9995 {
      return "\(significant(value / scale)) \(unit)"
    }
    return significant(value)
  }

  /// A size in memory: "512 MiB", "1.5 GiB".
  static func bytes(_ count: UInt64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(count) bytes" : "\(significant(value)) \(units[unit])"
  }

  /// A rating: 255 rather than 255.0.
  static func plain(_ value: Float) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

  /// A time of ratings: the number, and what it is if it counts seconds since 1970: "1304121600 (2011-04-30 00:00:00 UTC)".
  static func time(_ value: Double) -> String {
    let number = Int64(exactly: value).map(String.init) ?? "\(value)"
    guard (1e8..<1e10).contains(value) else { return number }
    let seconds = Int(value.rounded(.down))
    let (days, second) = (seconds / 86_400, seconds % 86_400)
    // Days from 0000-03-01 on, in eras of 400 years.
    let shifted = days + 719_468
    let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(year)-\(two(month < 10 ? month + 3 : month - 9))-\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
    return "\(number) (\(date) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC)"
  }

  /// A length of time: "3.1 ms", "0.42 s", "12.3 s", "4 min 05 s", "2 h 03 min".
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds > 0, seconds < 0.0995 { return significant(seconds * 1000, digits: 2) + " ms" }
    if seconds < 99.5 { return significant(seconds) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(grouped(whole / 3600)) h \(twoDigits(whole % 3600 / 60)) min"
  }

  /// What is left of a piece of work, in whole seconds: "7 s left".
  static func timeLeft(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "" }
    let whole = max(1, seconds.rounded(.up))
    return (whole < 100 ? "\(Int(whole)) s" : duration(whole)) + " left"
  }

  /// A number with a fixed number of decimals; falls back to the shortest form beyond 15 digits.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard scaled < 0x1p53 else { return "\(value)" }
    let units = Int(scaled)
    let fraction = String(units % scale)
    let sign = value < 0 && units > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(units)" }
    return "\(sign)\(units / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// At least `digits` significant digits and at most `digits` decimals.
  static func significant(_ value: Double, digits: Int = 3) -> String {
    var decimals = digits - 1
    var bound = 10.0
    while decimals > 0, value.magnitude >= bound * 0.9995 {
      decimals -= 1
      bound *= 10
    }
    return fixed(value, decimals)
  }

  /// An error or a loss: five significant digits whatever the scale of the ratings.
  static func measure(_ value: Double) -> String {
    value.magnitude < 1e7 ? significant(value, digits: 5) : scientific(value, decimals: 4)
  }

  /// "3.1e-07".
  static func scientific(_ value: Double, decimals: Int = 1) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    var mantissa = value
    var exponent = 0
    while mantissa.magnitude >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa.magnitude < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return "\(fixed(mantissa, decimals))e\(exponent < 0 ? "-" : "+")\(twoDigits(Int(exponent.magnitude)))"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
