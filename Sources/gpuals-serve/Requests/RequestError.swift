import HTTPTypes

/// What is wrong with a request. Cases are facts; here are their status and their words, and nowhere else.
enum RequestError: Error {
  case badPercentEncoding(String)
  case unknownParameter(String, known: [String])
  case repeatedParameter(String)
  case missingParameter(String)
  case notAWholeNumber(name: String, value: String)
  case notABoolean(name: String, value: String)
  case badJSON(String)
  case brokenBody
  case missingToken
  case wrongToken
  case unknownUser(String)
  case unknownItem(String)
  case noKnownItem(count: Int)
  case ratingsNotKept
  case unknownRoute(String)
  case methodNotAllowed(String, allowed: String)
  case bodyTooSlow(seconds: Double)
  /// `isRead` is false where the rest of the body is still on its way.
  case bodyTooLarge(limit: Int, isRead: Bool)
  case outOfRange(name: String, value: String, low: Int, high: Int)
  case noRatings
  case tooMany(String, count: Int, limit: Int)
  case badRating(item: String, value: String)
  case repeatedItem(String)
  case unsolvable
  /// The disk fails under the model: the one fault here that is not the client's.
  case modelUnreadable(String)

  /// The status of the answer.
  var status: HTTPResponse.Status {
    switch self {
    case .badPercentEncoding, .unknownParameter, .repeatedParameter, .missingParameter, .notAWholeNumber, .notABoolean,
      .badJSON, .brokenBody:
      .badRequest
    case .missingToken, .wrongToken: .unauthorized
    case .modelUnreadable: .internalServerError
    case .unknownUser, .unknownItem, .noKnownItem, .ratingsNotKept, .unknownRoute: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooSlow: .requestTimeout
    case .bodyTooLarge: .contentTooLarge
    case .outOfRange, .noRatings, .tooMany, .badRating, .repeatedItem, .unsolvable: .unprocessableContent
    }
  }

  /// Whether nothing sensible can follow on the same connection.
  var endsConnection: Bool {
    switch self {
    case .brokenBody, .bodyTooSlow, .bodyTooLarge(_, isRead: false): true
    default: false
    }
  }
}

extension RequestError: CustomStringConvertible {
  /// One sentence: what, and what to do.
  var description: String {
    switch self {
    case .badPercentEncoding(let text):
      "\(Self.short(text)) is not percent-encoded UTF-8: write % as %25, and other characters as the bytes of their UTF-8"
    case .unknownParameter(let name, let known):
      "there is no parameter \(Self.short(name)) here"
        + (known.isEmpty ? ": leave it out" : ": there are \(known.joined(separator: ", "))")
    case .repeatedParameter(let name): "the parameter \(Self.short(name)) comes twice: give it once"
    case .missingParameter(let name): "the parameter \(name) is missing: give it in the query, as in ?\(name)=…"
    case .notAWholeNumber(let name, let value): "\(name) is \(Self.short(value)), but must be a whole number"
    case .notABoolean(let name, let value): "\(name) is \(Self.short(value)), but must be true or false"
    case .badJSON(let reason): "the body is not the JSON that is wanted: \(reason); GET /openapi.json describes it"
    case .brokenBody: "the body cannot be read to its end: send as many bytes as announced"
    case .missingToken: "a token is needed: send the header Authorization: Bearer TOKEN"
    case .wrongToken: "the token is not the right one: ask whoever runs this service"
    case .unknownUser(let id):
      "the model knows no user \(Self.short(id)): POST ratings to /v1/recommendations for somebody new"
    case .unknownItem(let id): "the model knows no item \(Self.short(id)): GET /v1/items?query=… finds ids"
    case .noKnownItem(let count):
      "the model knows none of the \(count) items that are rated: GET /v1/items?query=… finds ids"
    case .ratingsNotKept: "the model keeps no ratings: train it without --no-keep-ratings"
    case .unknownRoute(let path): "there is nothing at \(Self.short(path)): GET /openapi.json tells what there is"
    case .methodNotAllowed(let method, let allowed): "\(Self.short(method)) cannot be done here: use \(allowed)"
    case .bodyTooSlow(let seconds): "the body did not arrive within \(seconds) seconds: send it faster"
    case .bodyTooLarge(let limit, _): "the body has more than the \(limit) bytes that are allowed: send less at once"
    case .outOfRange(let name, let value, let low, let high):
      "\(name) is \(Self.short(value)), but must be from \(low) to \(high)"
    case .noRatings: "there are no ratings: give at least one, as in {\"ratings\":[{\"item\":\"…\",\"rating\":4}]}"
    case .tooMany(let what, let count, let limit):
      "there are \(count) \(what), but at most \(limit) are allowed at once"
    case .badRating(let item, let value):
      "the rating of item \(Self.short(item)) is \(Self.short(value)), but must be from -1e9 to 1e9"
    case .repeatedItem(let id): "item \(Self.short(id)) is rated twice: give one rating for each item"
    case .unsolvable:
      "these ratings do not determine a taste in this model: give more ratings, and none that are extreme"
    case .modelUnreadable(let reason): "the model can no longer be read (\(reason)): try again later"
    }
  }

  /// A text of the client's, in quotes, and not all of it where it is long.
  private static func short(_ text: String) -> String {
    text.unicodeScalars.count <= 80
      ? "\"\(text)\"" : "\"" + String(String.UnicodeScalarView(text.unicodeScalars.prefix(79))) + "…\""
  }
}
