/// The median stopping rule (Golovin et al., "Google Vizier: a service for black-box optimization", 2017, section 3.2.2): a trial is
/// hopeless if its best value so far is worse than the median of what finished trials had reached by the same step.
public struct MedianStopping: Sendable {
  /// Finished trials that a median is taken over, at least.
  public static let leastTrials = 4
  /// No trial is stopped before this step, counted from 1: how good a start is says little about the end.
  public static let firstStep = 3

  private let isHigherBetter: Bool
  /// By round (a fold of cross-validation), of each trial the best value up to each step; steps ascend.
  private var finished: [Int: [[(step: Int, best: Double)]]] = [:]

  /// - Parameter isHigherBetter: whether a value is better the higher it is.
  public init(isHigherBetter: Bool) { self.isHigherBetter = isHigherBetter }

  /// Takes in a trial that came to its end.
  ///
  /// - Parameters:
  ///   - curve: its values at the steps at which it was measured, ascending.
  ///   - round: rounds are compared with their like.
  public mutating func add(_ curve: [(step: Int, value: Double)], round: Int) {
    finished[round, default: []].append(bests(of: curve))
  }

  /// Whether the trial with this curve so far should be stopped.
  public func isHopeless(_ curve: [(step: Int, value: Double)], round: Int) -> Bool {
    guard let own = bests(of: curve).last, own.step >= Self.firstStep else { return false }
    let others = (finished[round] ?? []).compactMap { trial in trial.last { $0.step <= own.step }?.best }
    guard others.count >= Self.leastTrials else { return false }
    let sorted = others.sorted()
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    return isHigherBetter ? own.best < median : own.best > median
  }

  private func bests(of curve: [(step: Int, value: Double)]) -> [(step: Int, best: Double)] {
    var best = isHigherBetter ? -Double.infinity : Double.infinity
    return curve.map { point in
      best = isHigherBetter ? max(best, point.value) : min(best, point.value)
      return (point.step, best)
    }
  }
}
