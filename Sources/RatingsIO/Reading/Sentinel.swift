/// A value far outside the bulk of the ratings, as a code such as 255 for "never again" would be.
public struct Sentinel: Sendable, Equatable {
  /// The value.
  public var value: Float
  /// How many ratings have it.
  public var count: Int
  /// The least and the greatest of all other ratings.
  public var bulk: ClosedRange<Float>

  /// Gives all three.
  public init(value: Float, count: Int, bulk: ClosedRange<Float>) {
    self.value = value
    self.count = count
    self.bulk = bulk
  }
}
