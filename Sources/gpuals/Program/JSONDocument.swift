#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The one JSON document that `--json` puts on stdout.
enum JSONDocument {
  /// Prints a value, keys sorted, followed by a newline.
  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try StandardOutput.shared.write(String(decoding: encoder.encode(value), as: UTF8.self) + "\n")
  }
}
