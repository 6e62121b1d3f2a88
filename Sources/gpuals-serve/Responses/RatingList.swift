/// What a user has rated.
struct RatingList: Encodable, Sendable {
  var user: String
  /// How many ratings there are, of which the list may hold a part.
  var count: Int
  var ratings: [Entry]

  /// A rating.
  struct Entry: Encodable, Sendable {
    var item: String
    var name: String?
    var rating: Float
  }
}
