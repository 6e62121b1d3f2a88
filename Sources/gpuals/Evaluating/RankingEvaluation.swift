import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Metrics of the order in which a model puts the items of many users.
struct RankingEvaluation {
  private let metrics: [EvaluationMetric]
  /// Relevant items of each user, ascending; only of those with any.
  private let relevant: CSRMatrix
  /// −log₂ of the share of users that have rated an item in training.
  private let selfInformation: [Double]
  private var sums: [Double]
  private var recommended: [Set<Int>]
  private var listCount = 0

  /// - Parameters:
  ///   - relevant: users × items.
  ///   - training: the ratings that novelty counts; without, novelty is not a number.
  init(_ metrics: [EvaluationMetric], relevant: CSRMatrix, training: CSRMatrix?) {
    self.metrics = metrics
    self.relevant = relevant
    sums = [Double](repeating: 0, count: metrics.count)
    recommended = [Set<Int>](repeating: [], count: metrics.count)
    selfInformation =
      training.map { Self.selfInformation(of: $0) } ?? [Double](repeating: .nan, count: relevant.columnCount)
  }

  /// The longest lists that are needed; 0 for none.
  static func listLength(_ metrics: [EvaluationMetric]) -> Int { metrics.compactMap(\.length).max() ?? 0 }

  /// −log₂(n_i / n) with n_i the users of n that have rated item i, at least 1, as RecTools' mean inverse user frequency has it.
  private static func selfInformation(of training: CSRMatrix) -> [Double] {
    var counts = [Int](repeating: 0, count: training.columnCount)
    var users = 0
    for row in 0..<training.rowCount {
      var last: Int32 = -1
      let entries = training.entries(ofRow: row)
      if !entries.isEmpty { users += 1 }
      for entry in entries where training.columnIndices[entry] != last {
        last = training.columnIndices[entry]
        counts[Int(last)] += 1
      }
    }
    return counts.map { log2(Double(users) / Double(max(1, $0))) }
  }

  /// Takes in a user's list.
  mutating func add(user: Int, list: [ScoredRow]) {
    let wanted = relevant.columnIndices[relevant.entries(ofRow: user)]
    let ranked = RankedList(
      hits: list.map { Self.contains(wanted, Int32($0.row)) }, relevantCount: wanted.count)
    listCount += 1
    for (index, metric) in metrics.enumerated() {
      switch metric {
      case .precision(let k): sums[index] += ranked.precision(at: k)
      case .recall(let k): sums[index] += ranked.recall(at: k)
      case .ndcg(let k): sums[index] += ranked.ndcg(at: k)
      case .map(let k): sums[index] += ranked.averagePrecision(at: k)
      case .novelty(let k):
        let places = list.prefix(k)
        if !places.isEmpty {
          sums[index] += places.reduce(0.0) { $0 + selfInformation[$1.row] } / Double(places.count)
        }
      case .coverage(let k):
        for place in list.prefix(k) { recommended[index].insert(place.row) }
      case .rmse, .mae, .auc: break
      }
    }
  }

  /// Whether an ascending list has a number, by bisection.
  private static func contains(_ ascending: ArraySlice<Int32>, _ wanted: Int32) -> Bool {
    var (low, high) = (ascending.startIndex, ascending.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if ascending[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < ascending.endIndex && ascending[low] == wanted
  }

  /// The value of a metric of lists over all users taken in.
  func value(_ metric: EvaluationMetric) -> Double {
    guard let index = metrics.firstIndex(of: metric) else { return .nan }
    if case .coverage = metric { return Double(recommended[index].count) / Double(relevant.columnCount) }
    return sums[index] / Double(listCount)
  }
}
