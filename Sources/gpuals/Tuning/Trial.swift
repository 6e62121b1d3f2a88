import RatingsIO

/// One combination of parameters, and what became of it.
struct Trial: Codable, Sendable, Equatable {
  /// How it ended.
  enum Outcome: String, Codable, Sendable {
    /// All rounds were trained to their end.
    case done
    /// It was given up as hopeless.
    case stopped
    /// It could not be trained.
    case failed
  }

  /// Training and measuring on one split of the ratings.
  struct Round: Codable, Sendable, Equatable {
    /// The iterations after which it was measured, and what was measured.
    var iterations: [Int]
    var scores: [Double]
    /// The iteration that made the factors of the last score.
    var bestIteration: Int

    enum CodingKeys: String, CodingKey {
      case iterations, scores
      case bestIteration = "best_iteration"
    }
  }

  /// Counted from 1, in the order of the search.
  var trial: Int
  /// What was tried.
  var parameters: ModelManifest.Parameters
  var outcome: Outcome
  /// The mean of the rounds' last scores; of a trial that was stopped, of those it came to.
  var score: Double?
  /// Standard deviation of the rounds' last scores, where there are several.
  var deviation: Double?
  var rounds: [Round]
  /// Wall time.
  var seconds: Double
  /// Why it failed.
  var reason: String?

  /// The number of iterations that the model of these parameters is best trained for.
  var iterations: Int {
    guard parameters.earlyStopping != nil, !rounds.isEmpty else { return parameters.iterations }
    let mean = Double(rounds.reduce(0) { $0 + $1.bestIteration }) / Double(rounds.count)
    return max(1, Int(mean.rounded()))
  }

  /// Takes the rounds' scores together.
  mutating func conclude() {
    let scores = rounds.compactMap(\.scores.last)
    guard !scores.isEmpty else { return }
    let mean = scores.reduce(0, +) / Double(scores.count)
    score = mean
    if scores.count > 1 {
      let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (squares / Double(scores.count - 1)).squareRoot()
    }
  }
}
