import RatingsIO

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where records of a stream go that are no changes: a JSON object each, at the end of a file.
struct DeadLetters {
  /// The file.
  let path: String
  private var lines: [UInt8] = []

  private struct Letter: Encodable {
    var stream: String
    var shard: String
    var sequence: String
    var reason: String
    /// What the producer wrote, where it is text.
    var data: String?
    /// What the producer wrote, where it is none.
    var base64: String?
  }

  init(_ path: String) { self.path = path }

  /// Where they go unless told otherwise: beside the model, or here where that is in S3.
  static func path(beside model: String) -> String {
    let parts = model.split(separator: "/").map(String.init)
    let name = (parts.last ?? "model") + "-dead-letters.jsonl"
    if model.hasPrefix("s3://") { return name }
    return (model.hasPrefix("/") ? "/" : "") + (parts.dropLast() + [name]).joined(separator: "/")
  }

  /// Takes one.
  mutating func add(_ record: KinesisRecord, of shard: String, in stream: String, reason: String) throws {
    let text = String(validating: record.data, as: UTF8.self)
    let letter = Letter(
      stream: stream, shard: shard, sequence: record.sequenceNumber, reason: reason, data: text,
      base64: text == nil ? Data(record.data).base64EncodedString() : nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    lines += try encoder.encode(letter)
    lines.append(UInt8(ascii: "\n"))
  }

  /// Puts those that wait on the disk.
  mutating func flush() throws {
    if lines.isEmpty { return }
    try AppendedFile.append(lines, to: path)
    lines.removeAll()
  }
}
