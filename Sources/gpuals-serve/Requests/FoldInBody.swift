/// The body of POST /v1/recommendations.
struct FoldInBody: Decodable, Sendable {
  var ratings: [GivenRating]
  var n: Int?
  var excludeSeen: Bool?
  var explain: Int?

  enum CodingKeys: String, CodingKey {
    case ratings, n, explain
    case excludeSeen = "exclude_seen"
  }
}
