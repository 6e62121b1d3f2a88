#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well a list of recommendations finds what its user turned out to want.
///
/// Each measure is that of one user; over many it is averaged over those with something relevant. With r(i) = 1 if the item in
/// place i (from 1) is relevant, else 0, and R the number of relevant items, of which there is at least one.
public struct RankedList: Sendable, Equatable {
  /// Whether the item in each place is relevant, best place first.
  public var hits: [Bool]
  /// R: all relevant items, in the list or not.
  public var relevantCount: Int

  /// Takes a list.
  ///
  /// - Precondition: `relevantCount` is at least 1.
  public init(hits: [Bool], relevantCount: Int) {
    precondition(relevantCount >= 1)
    self.hits = hits
    self.relevantCount = relevantCount
  }

  /// Σ_{i≤k} r(i) / k: scikit-learn's `precision_score` of the first k, and RecTools' `Precision`.
  public func precision(at k: Int) -> Double { Double(hitCount(k)) / Double(k) }

  /// Σ_{i≤k} r(i) / R: scikit-learn's `recall_score` of the first k, and RecTools' `Recall`.
  public func recall(at k: Int) -> Double { Double(hitCount(k)) / Double(relevantCount) }

  /// Normalized discounted cumulative gain: Σ_{i≤k} r(i) / log₂(i + 1) over the most that a list of k could have,
  /// Σ_{i≤min(k, R)} 1 / log₂(i + 1). scikit-learn's `ndcg_score`, and implicit's `ndcg_at_k`.
  public func ndcg(at k: Int) -> Double {
    func gain(_ place: Int) -> Double { 1 / log2(Double(place + 2)) }
    let found = hits.prefix(k).indices.filter { hits[$0] }.reduce(0.0) { $0 + gain($1) }
    return found / (0..<min(k, relevantCount)).reduce(0.0) { $0 + gain($1) }
  }

  /// Average precision: Σ_{i≤k} r(i) · precision(at: i) / min(k, R). Its mean is implicit's `mean_average_precision_at_k`.
  public func averagePrecision(at k: Int) -> Double {
    var found = 0
    var sum = 0.0
    for place in hits.prefix(k).indices where hits[place] {
      found += 1
      sum += Double(found) / Double(place + 1)
    }
    return sum / Double(min(k, relevantCount))
  }

  private func hitCount(_ k: Int) -> Int { hits.prefix(k).count { $0 } }
}
