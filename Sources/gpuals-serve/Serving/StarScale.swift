import ALS

/// The ratings that one star, two stars and so on stand for, found in the model, which does not say on what scale it was rated.
struct StarScale: Sendable {
  /// Ascending and distinct; five where ratings differ enough.
  let levels: [Float]

  /// Entries that are looked at where all of them would have to be sorted.
  private static let sampleSize = 1 << 16

  /// Finds the scale of a model.
  ///
  /// - Parameter scoring: factors whose dot products are the scores.
  init(model: Model, scoring: Factors) {
    let kept = model.ratings?.values ?? []
    if model.parameters.feedback.isImplicit {
      levels = Self.evidence(kept)
    } else if let low = kept.min(), let high = kept.max() {
      levels = Self.scale(from: low, to: high)
    } else {
      levels = Self.scale(from: 0, to: Self.ceiling(of: scoring))
    }
  }

  /// Fifths of the highest rating: 20 … 100 where ratings are from 0 to 100, 1 … 5 where they are from 1 or ½ to 5. A scale that
  /// begins below zero, or far above, is divided evenly.
  static func scale(from low: Float, to high: Float) -> [Float] {
    guard low < high else { return [high] }
    let startsAtZero = low >= 0 && low <= high * 2 / 5
    return (1...5).map { startsAtZero ? high * Float($0) / 5 : low + (high - low) * Float($0 - 1) / 4 }
  }

  /// In implicit training a rating is a count or a length of time, and says how sure one is: little, as of most, or much, by the
  /// deciles of what there is. Where all are equal, one star says that something is liked.
  static func evidence(_ ratings: [Float]) -> [Float] {
    let step = max(1, ratings.count / sampleSize)
    let sample = stride(from: 0, to: ratings.count, by: step).map { ratings[$0] }.filter { $0 > 0 }.sorted()
    guard !sample.isEmpty else { return [1] }
    var levels: [Float] = []
    for tenths in [1, 3, 5, 7, 9] {
      let level = sample[(sample.count - 1) * tenths / 10]
      if levels.last != level { levels.append(level) }
    }
    return levels
  }

  /// Where no ratings are kept, the top of the scale is taken to be the number of 1, 2, 5, 10, 20, 50 … that is nearest to the best
  /// scores of a sample.
  private static func ceiling(of scoring: Factors) -> Float {
    var scores: [Float] = []
    for user in stride(from: 0, to: scoring.user.rowCount, by: max(1, scoring.user.rowCount / 64)) {
      for item in stride(from: 0, to: scoring.item.rowCount, by: max(1, scoring.item.rowCount / 64)) {
        let score = scoring.score(user: user, item: item)
        if score.isFinite, score > 0 { scores.append(score) }
      }
    }
    guard !scores.isEmpty else { return 5 }
    return roundNumber(near: scores.sorted()[(scores.count - 1) * 99 / 100])
  }

  /// The number of 1, 2, 5, 10, 20, 50 … that is nearest, by proportion.
  static func roundNumber(near value: Float) -> Float {
    var candidate: Float = 1
    while candidate < 1e9, value > candidate * 7 { candidate *= 10 }
    // The bounds are the geometric means of 1 and 2, 2 and 5, 5 and 10.
    for (bound, factor) in [(Float(1.414), Float(1)), (3.162, 2), (7.071, 5)] where value <= candidate * bound {
      return candidate * factor
    }
    return candidate * 10
  }
}
