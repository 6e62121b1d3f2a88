/// Turns liking, a number without a unit, into ratings 0 … 100 with the distribution that Yahoo! Music shows: spikes at 0,
/// 90 and 100, smaller ones at the other tens.
struct RatingScale: Sendable {
  /// Chance that a rating is at most r, for r in 0 … 99.
  private static let cumulative: [Double] = {
    var chance = [Double](repeating: 0.08, count: 101)
    for (ten, more) in [0, 1.2, 1.4, 2.4, 1.6, 7.0, 2.2, 6.0, 6.5, 0, 0].enumerated() { chance[ten * 10] += more }
    chance[0] = 14
    chance[90] = 19
    chance[100] = 30
    let total = chance.reduce(0, +)
    var sum = 0.0
    return chance.dropLast().map { part in
      sum += part / total
      return sum
    }
  }()

  /// The chance of the rating 0.
  static var zeroShare: Double { cumulative[0] }

  /// The liking that a rating of more than r takes, for r in 0 … 99.
  private let edges: [Float]

  /// Fits the scale to a fair sample of likings: as many are below an edge as shall have such ratings.
  init(likings: [Float]) {
    let sorted = likings.sorted()
    edges = Self.cumulative.map { share in
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
  }

  /// The rating, 0 … 100, for a liking: the number of edges at or below it.
  func rating(_ liking: Float) -> Int {
    edges.withUnsafeBufferPointer { edges in Self.count(of: edges) { $0 <= liking } }
  }

  /// The rating below which a share `quantile` of all ratings lies.
  static func rating(quantile: Double) -> Int {
    cumulative.withUnsafeBufferPointer { shares in count(of: shares) { $0 <= quantile } }
  }

  /// How many of the sorted `values`, from the first, satisfy `test`.
  private static func count<T>(of values: UnsafeBufferPointer<T>, where test: (T) -> Bool) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if test(values[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
