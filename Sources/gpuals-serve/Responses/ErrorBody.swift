/// What is said of a request that is refused.
struct ErrorBody: Encodable, Sendable {
  var error: String
}
