/// What to make of one value that is no rating: Yahoo! Music's 255, "never play again", is one.
public struct RatingRule: Sendable, Hashable {
  /// The value as it stands in the input.
  public var value: Float
  /// What stands in its place; `nil` drops the row.
  public var replacement: Float?

  /// Gives both.
  public init(value: Float, replacement: Float?) {
    self.value = value
    self.replacement = replacement
  }

  /// Reads `255=drop` or `255=0`.
  ///
  /// - Throws: ``RatingsIOError/invalidOption(name:value:requirement:)``.
  public init(parsing text: String) throws(RatingsIOError) {
    let invalid = RatingsIOError.invalidOption(
      name: "rating-map", value: text, requirement: "VALUE=drop or VALUE=NUMBER, such as 255=drop")
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let value = NumberParser.finiteFloat(parts[0]) else { throw invalid }
    if parts[1] == "drop" {
      self.init(value: value, replacement: nil)
    } else {
      guard let replacement = NumberParser.finiteFloat(parts[1]) else { throw invalid }
      self.init(value: value, replacement: replacement)
    }
  }
}
