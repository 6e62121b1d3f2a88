import ALS
import RatingsIO

/// How many ratings the rows of a side have, their mean, and how well the model fits them.
struct RowActivity {
  private var counts: [Int]
  private var means: [Double]
  private var errors: [Double]

  /// - Parameters:
  ///   - ratings: a row for each of the side's.
  init(_ ratings: CSRMatrix, side: Side, material: ReportMaterial) {
    let factors = material.factors
    let feedback = material.model.parameters.feedback
    counts = []
    means = []
    errors = []
    for row in 0..<ratings.rowCount {
      let entries = ratings.entries(ofRow: row)
      var metrics = RatingMetrics()
      var sum = 0.0
      for entry in entries {
        let column = Int(ratings.columnIndices[entry])
        let (user, item) = side == .user ? (row, column) : (column, row)
        sum += Double(ratings.values[entry])
        metrics.add(
          prediction: factors.score(user: user, item: item), target: feedback.target(of: ratings.values[entry]))
      }
      counts.append(entries.count)
      means.append(entries.isEmpty ? .nan : sum / Double(entries.count))
      errors.append(metrics.rmse)
    }
  }

  /// Number of ratings, their mean and the error of a row; nothing where the ratings are not known, or there are none.
  static func cells(_ activity: RowActivity?, _ row: Int) -> [TableWriter.Cell] {
    guard let activity else { return [.none, .none, .none] }
    guard activity.counts[row] > 0 else { return [.integer(0), .none, .none] }
    return [.integer(activity.counts[row]), .double(activity.means[row]), .double(activity.errors[row])]
  }
}
