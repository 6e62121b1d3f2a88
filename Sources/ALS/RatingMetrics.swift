/// Errors of predicted ratings over a set of pairs.
public struct RatingMetrics: Sendable, Equatable {
  /// Number of pairs.
  public private(set) var count = 0
  private var squaredError = 0.0
  private var absoluteError = 0.0

  /// No pairs yet.
  public init() {}

  /// Adds one pair.
  public mutating func add(prediction: Float, target: Float) {
    let difference = Double(prediction) - Double(target)
    count += 1
    squaredError += difference * difference
    absoluteError += difference.magnitude
  }

  /// Adds the pairs of others.
  public mutating func add(_ others: RatingMetrics) {
    count += others.count
    squaredError += others.squaredError
    absoluteError += others.absoluteError
  }

  /// Root mean squared error; NaN without pairs.
  public var rmse: Double { (squaredError / Double(count)).squareRoot() }

  /// Mean absolute error; NaN without pairs.
  public var mae: Double { absoluteError / Double(count) }
}
