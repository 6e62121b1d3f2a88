import ALS
import RatingsIO

/// What a person is told at the end of training.
struct TrainingReport {
  /// The figures.
  var summary: TrainingSummary
  /// What was read.
  var input: TrainingInput
  /// Whether the model keeps its ratings.
  var keepsRatings: Bool

  /// Tells it.
  func tell(_ notices: Notices) {
    let seconds = summary.seconds
    notices.note(
      "done in \(Quantity.duration(seconds.read + seconds.build + seconds.train + seconds.write))"
        + " (read \(Quantity.duration(seconds.read)), build \(Quantity.duration(seconds.build)),"
        + " train \(Quantity.duration(seconds.train)), write \(Quantity.duration(seconds.write)))"
        + (summary.peakDeviceBytes > 0
          ? "; at most \(Quantity.bytes(UInt64(summary.peakDeviceBytes))) of device memory" : ""))
    if let last = summary.iterations.last, let text = IterationText.errors(of: last) {
      notices.note("\(text); the model is in \(summary.model)")
    } else {
      notices.note("the model is in \(summary.model)")
    }
    if let best = summary.bestIteration {
      notices.note(
        "early stopping: the error on held-out ratings was lowest after iteration \(best) of \(summary.iterations.count),"
          + " which the model keeps")
    }
    let model = ShellWord.quoted(summary.model)
    notices.note("try: gpuals recommend --model \(model) --user \(ShellWord.quoted(exampleUser)) --table")
  }

  /// The first user with enough ratings for recommendations to be judged by them.
  private var exampleUser: String {
    let ratings = input.data.byUser
    let user = (0..<ratings.rowCount).first { ratings.entries(ofRow: $0).count >= 20 }
    return input.users[user ?? 0]
  }
}
