/// What the model is.
struct ModelFacts: Encodable, Sendable {
  var generation: Int
  var users: Int
  var items: Int
  /// Ratings that it was trained from.
  var ratings: Int
  var rank: Int
  /// explicit or implicit.
  var feedback: String
  var keepsRatings: Bool
  /// When its model.json was written, in UTC by ISO 8601.
  var written: String?
  /// The ratings that one star, two stars and so on stand for; see ``StarScale``.
  var stars: [Float]
  /// The longest list that may be asked for.
  var listLimit: Int
  /// A few users, to try.
  var exampleUsers: [String]

  enum CodingKeys: String, CodingKey {
    case generation, users, items, ratings, rank, feedback, written, stars
    case keepsRatings = "keeps_ratings"
    case listLimit = "list_limit"
    case exampleUsers = "example_users"
  }
}
