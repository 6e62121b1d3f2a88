extension RatingMetrics {
  /// The errors of factors over ratings, whose predictions are their dot products; on all cores, in a fixed order.
  ///
  /// - Parameters:
  ///   - factors: of a model; with biases, its ``Factors/withBiasesAsFactors``.
  ///   - ratings: users × items, in the rows of the factors; those of users and items beyond them are left out.
  ///   - feedback: that of the model, which says what its predictions are to come near.
  public init(of factors: Factors, on ratings: CSRMatrix, feedback: Feedback) {
    let grain = 4096
    let (users, items) = (min(ratings.rowCount, factors.user.rowCount), factors.item.rowCount)
    let parts = Parallel.map((users + grain - 1) / grain) { part in
      var metrics = RatingMetrics()
      for user in part * grain..<min(users, (part + 1) * grain) {
        for entry in ratings.entries(ofRow: user) where Int(ratings.columnIndices[entry]) < items {
          metrics.add(
            prediction: factors.score(user: user, item: Int(ratings.columnIndices[entry])),
            target: feedback.target(of: ratings.values[entry]))
        }
      }
      return metrics
    }
    self = parts.reduce(into: RatingMetrics()) { $0.add($1) }
  }
}
