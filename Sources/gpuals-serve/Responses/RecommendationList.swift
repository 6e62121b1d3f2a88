/// What is recommended to somebody.
struct RecommendationList: Encodable, Sendable {
  /// The user; `nil` for somebody new.
  var user: String?
  var recommendations: [ListedItem]
  /// Rated items that the model does not know, if any.
  var unknownItems: [String]?

  enum CodingKeys: String, CodingKey {
    case user, recommendations
    case unknownItems = "unknown_items"
  }
}
