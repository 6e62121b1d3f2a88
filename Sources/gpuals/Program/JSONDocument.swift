#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The one JSON document that `--json` puts on stdout.
enum JSONDocument {
  /// Prints a value, keys sorted, followed by a newline.
  static func print(_ value: some Encodable) throws {
    try StandardOutput.shared.write(text(of: value))
  }

  /// What ``print(_:)`` prints.
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
