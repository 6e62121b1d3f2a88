/// How long requests took, in buckets as Prometheus wants them.
struct LatencyHistogram: Sendable {
  /// Upper bounds of the buckets, in seconds.
  static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  /// Requests in each bucket; the last has no bound.
  private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// All seconds together.
  private(set) var sum = 0.0

  /// Counts a request.
  mutating func add(seconds: Double) {
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += seconds
  }
}
