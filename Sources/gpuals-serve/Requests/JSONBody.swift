#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON in, with errors that say where.
enum JSONBody {
  /// Reads a body.
  static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type = Value.self) throws(RequestError) -> Value
  {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .badJSON(reason(of: error))
    } catch {
      throw .badJSON("it cannot be parsed")
    }
  }

  private static func reason(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath))\"\(key.stringValue)\" is missing"
    case .typeMismatch(let type, let context): "\(place(context.codingPath))it should be \(name(of: type))"
    case .valueNotFound(_, let context): "\(place(context.codingPath))it is null"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "it cannot be parsed" : "\(place(context.codingPath))\(context.debugDescription)"
    @unknown default: "it cannot be parsed"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty
      ? "" : "at " + path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") + ", "
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Double.Type: "a number"
    case is Int.Type: "a whole number"
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    case is [GivenRating].Type, is [InvocationBody].Type: "an array"
    default: "an object or array of the form described"
    }
  }
}
