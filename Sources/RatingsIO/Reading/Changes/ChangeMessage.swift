/// One change of a rating, as a message tells it.
public struct ChangeMessage: Sendable, Equatable {
  /// The user's id.
  public var user: String
  /// The item's id.
  public var item: String
  /// The rating of the pair from here on; `nil`: it has none any more.
  public var rating: Float?
  /// When that was, in seconds since 1970: `metadata.timestamp` of DMS's messages, a time of the message itself in others; `nil` where
  /// none is given.
  public var time: Double?

  /// Gives all parts.
  public init(user: String, item: String, rating: Float?, time: Double? = nil) {
    self.user = user
    self.item = item
    self.rating = rating
    self.time = time
  }
}
