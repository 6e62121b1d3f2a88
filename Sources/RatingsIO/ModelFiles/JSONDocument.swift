import FoundationEssentials

/// JSON in and out, with errors that name file and field.
enum JSONDocument {
  /// A document with sorted keys, indented, with a newline in the end: equal values give equal bytes.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
      throw ModelFileError.incompleteModel(reason: "a number in its record is not finite")
    }
  }

  /// Reads a document.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)``.
  static func decode<Value: Decodable>(_ json: [UInt8], path: String) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(json))
    } catch let error as DecodingError {
      throw ModelFileError.damaged(file: path, reason: reason(of: error))
    } catch {
      throw ModelFileError.damaged(file: path, reason: "it is not valid JSON")
    }
  }

  private static func reason(of error: DecodingError) -> String {
    func field(_ path: [any CodingKey]) -> String {
      path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(field(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(context.codingPath.isEmpty ? "the document" : field(context.codingPath)) has the wrong type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "\(field(context.codingPath)) has a value out of range"
    default: return "it is not valid JSON"
    }
  }
}
