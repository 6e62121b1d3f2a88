import HTTPTypes
import Hummingbird

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What goes back.
struct Answer: Sendable {
  var status: HTTPResponse.Status
  var contentType: String
  var body: [UInt8]
  var headers: [(HTTPField.Name, String)] = []
  /// Whether the connection is to end behind it.
  var endsConnection = false

  /// JSON, keys sorted: equal values give equal bytes.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Answer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A score may overflow where factors are extreme, which is no fault of whoever asks.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let body = (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    return Answer(status: status, contentType: "application/json", body: body + [UInt8(ascii: "\n")])
  }

  /// A refusal in words.
  static func failure(_ error: RequestError) -> Answer {
    var answer = json(ErrorBody(error: "\(error)"), status: error.status)
    answer.endsConnection = error.endsConnection
    switch error {
    case .missingToken, .wrongToken: answer.headers.append((.wwwAuthenticate, "Bearer"))
    case .methodNotAllowed(_, let allowed): answer.headers.append((.allow, allowed))
    default: break
    }
    return answer
  }

  /// The same for the HTTP library.
  var response: Response {
    var fields = HTTPFields()
    fields[.contentType] = contentType
    // What is recommended changes with the model.
    fields[.cacheControl] = "no-store"
    for (name, value) in headers { fields[name] = value }
    let buffer = ByteBuffer(bytes: body)
    guard endsConnection else { return Response(status: status, headers: fields, body: .init(byteBuffer: buffer)) }
    fields[.connection] = "close"
    return Response(
      status: status, headers: fields,
      body: ResponseBody(contentLength: body.count) { writer in
        try await writer.write(buffer)
        try await writer.finish(nil)
        // The library closes a connection only after an error.
        throw ConnectionEnd()
      })
  }
}
