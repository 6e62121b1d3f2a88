/// What a search found.
struct FoundItems: Encodable, Sendable {
  var items: [Entry]

  /// An item.
  struct Entry: Encodable, Sendable {
    var item: String
    var name: String?
    /// How many ratings it has.
    var ratings: Int32
  }
}
