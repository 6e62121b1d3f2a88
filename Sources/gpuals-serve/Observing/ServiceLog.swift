import SystemProgram

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
    var line = "{\"time\":\"\(UTCTime.now.text)\",\"level\":\"\(level.rawValue)\",\"message\":"
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
