#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A moment in UTC.
struct UTCTime: Sendable {
  private let time: timespec

  /// That of a clock or a file.
  init(_ time: timespec) { self.time = time }

  /// Seconds since 1970.
  init(_ seconds: Double) {
    let whole = seconds.rounded(.down)
    time = timespec(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9))
  }

  /// Now.
  static var now: UTCTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTCTime(time)
  }

  /// It by ISO 8601, to the millisecond.
  var text: String {
    var seconds = time.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ number: some BinaryInteger, _ width: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
      + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec)).\(digits(time.tv_nsec / 1_000_000, 3))Z"
  }
}
