/// Where a training run stands after a whole number of iterations: enough to go on bit for bit from there.
public struct TrainingState: Sendable, Equatable {
  /// One record for each finished iteration.
  public var history: [IterationRecord]
  /// The factors after the first ``iteration`` of them.
  public var factors: Factors
  /// How many iterations made the factors: fewer than there are records where early stopping kept those of a better one.
  public var iteration: Int

  /// Gives all.
  ///
  /// - Parameters:
  ///   - history: one record for each finished iteration.
  ///   - factors: what they came to.
  ///   - iteration: the one that made the factors; that of the last record, if not given.
  public init(history: [IterationRecord], factors: Factors, iteration: Int? = nil) {
    self.history = history
    self.factors = factors
    self.iteration = iteration ?? history.count
  }
}
