/// An item in a list.
struct ListedItem: Encodable, Sendable {
  var item: String
  var score: Float
  var name: String?
  /// The ratings that add most to the score.
  var because: [Reason]?

  /// A rating that adds to a score.
  struct Reason: Encodable, Sendable {
    var item: String
    var name: String?
    var rating: Float
    var contribution: Double
  }
}
