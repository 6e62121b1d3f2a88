import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The log: one JSON object a line, on stderr.
struct ServiceLog: Sendable {
  /// How much a line matters.
  enum Level: String, Sendable {
    case info, warning, error
  }

  /// A member of a line.
  enum Value: Sendable {
    case text(String)
    case integer(Int)
    case milliseconds(Double)
  }

  /// Writes a line.
  func write(_ level: Level, _ message: String, _ members: [(String, Value)] = []) {
    var line = "{\"time\":\"\(Self.now())\",\"level\":\"\(level.rawValue)\",\"message\":"
    Self.quote(message, into: &line)
    for (name, value) in members {
      line += ",\"\(name)\":"
      switch value {
      case .text(let text): Self.quote(text, into: &line)
      case .integer(let number): line += "\(number)"
      case .milliseconds(let number): line += "\((number * 1000).rounded() / 1000)"
      }
    }
    StandardError.write(line + "}\n")
  }

  /// The time in UTC, by ISO 8601.
  private static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    func digits(_ number: some BinaryInteger, _ width: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
      + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec)).\(digits(time.tv_nsec / 1_000_000, 3))Z"
  }

  private static func quote(_ text: String, into line: inout String) {
    line += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let hex = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: line.unicodeScalars.append(scalar)
      }
    }
    line += "\""
  }
}
