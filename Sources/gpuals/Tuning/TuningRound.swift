import ALS

/// One split of the ratings that trials are trained and measured on.
struct TuningRound: Sendable {
  /// The ratings, where the backend computes with them.
  var placed: any PlacedRatings
  /// Measures the order of items, where that is what is aimed at.
  var ranking: RankingMeasurement?

  /// - Throws: `CommandError.nothingToCompareBy` where nothing is held out.
  init(
    _ data: TrainingData, on backend: any Backend, metric: EvaluationMetric, feedback: Feedback, relevantFrom: Double?,
    device: DeviceOptions, notices: Notices
  ) throws {
    guard let heldOut = data.heldOut, heldOut.entryCount > 0 else { throw CommandError.nothingToCompareBy }
    placed = backend.place(data)
    guard !metric.isError else { return }
    let relevant = RelevantItems(in: heldOut, seen: data.byUser, feedback: feedback, from: relevantFrom).matrix
    guard relevant.entryCount > 0 else { throw CommandError.nothingRelevant(file: "the held-out ratings") }
    var lists = ListDeviceOptions()
    lists.device = device.device
    lists.kernelFamily = device.kernelFamily
    ranking = RankingMeasurement(relevant: relevant, training: data.byUser, device: lists, notices: notices)
  }

  /// The value of a metric for some factors.
  func value(of metric: EvaluationMetric, factors: Factors, feedback: Feedback) throws -> Double {
    let factors = factors.withBiasesAsFactors
    if let ranking { return try ranking.values(of: [metric], factors: factors).first?.value ?? .nan }
    guard let heldOut = placed.data.heldOut else { return .nan }
    let errors = RatingMetrics(of: factors, on: heldOut, feedback: feedback)
    return metric == .rmse ? errors.rmse : errors.mae
  }
}
