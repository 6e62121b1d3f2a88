/// The body of POST /invocations: one of a user, ratings, and several of either.
struct InvocationBody: Decodable, Sendable {
  var user: IDValue?
  var ratings: [GivenRating]?
  var instances: [InvocationBody]?
  var n: Int?
  var excludeSeen: Bool?
  var explain: Int?

  enum CodingKeys: String, CodingKey {
    case user, ratings, instances, n, explain
    case excludeSeen = "exclude_seen"
  }
}
