import ALS
import Recommendation

/// Measures how models order the items for users.
struct RankingMeasurement {
  /// Users × items: what is to be found.
  var relevant: CSRMatrix
  /// The ratings that models were trained on, where known.
  var training: CSRMatrix?
  /// Whether what a user has rated in training is not ranked.
  var leavesOutSeen = true
  /// Where lists are searched for.
  var device: ListDeviceOptions
  /// Where to tell what happens.
  var notices: Notices

  /// The users that have something to be found.
  var users: [Int] { (0..<relevant.rowCount).filter { !relevant.entries(ofRow: $0).isEmpty } }

  /// The values of metrics of the order of items, by name.
  ///
  /// - Throws: `CommandError.interrupted` after a signal.
  func values(of metrics: [EvaluationMetric], factors: Factors) throws -> [(name: String, value: Double)] {
    let users = users
    let seen = leavesOutSeen ? [training].compactMap { $0 } : []
    let allowed = [Bool](repeating: true, count: factors.item.rowCount)
    var values: [(name: String, value: Double)] = []
    let length = RankingEvaluation.listLength(metrics)
    if length > 0 {
      var ranking = RankingEvaluation(metrics, relevant: relevant, training: training)
      let search = try ListSearch(
        device, factors: factors, allowed: allowed, seen: seen, count: length, userCount: users.count, notices)
      let ahead = ListsAhead(search, rows: users, size: search.blockSize(count: length))
      defer { ahead.end() }
      while let (block, lists) = try ahead.next() {
        try checkInterruption()
        for (user, list) in zip(block, lists) { ranking.add(user: user, list: list) }
      }
      for metric in metrics where metric.length != nil { values.append((metric.name, ranking.value(metric))) }
    }
    if metrics.contains(.auc) {
      let recommender = Recommender(factors: factors, allowed: allowed, seen: seen, count: 0)
      var (sum, count) = (0.0, 0)
      for first in stride(from: 0, to: users.count, by: 8192) {
        try checkInterruption()
        let block = users[first..<min(users.count, first + 8192)]
        for case .some(let area) in recommender.areasUnderCurve(forUsers: block, relevant: relevant) {
          sum += area
          count += 1
        }
      }
      values.append((EvaluationMetric.auc.name, sum / Double(count)))
    }
    return values
  }

  private func checkInterruption() throws {
    try Interruption.shared.check("interrupted: the evaluation is not complete")
  }
}
