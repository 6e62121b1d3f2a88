/// Where a training run stands after a whole number of iterations: enough to go on bit for bit.
public struct TrainingState: Sendable, Equatable {
  /// One record for each finished iteration.
  public var history: [IterationRecord]
  /// The factors after the last of them.
  public var factors: Factors

  /// Gives both.
  public init(history: [IterationRecord], factors: Factors) {
    self.history = history
    self.factors = factors
  }
}
