import ALS

/// Means of the training targets: what can be said of a pair that the model does not know.
struct TrainingMeans {
  private let users: [Float]
  private let items: [Float]
  private let all: Float

  /// Adds up the targets of all ratings; O(ratings).
  init(_ ratings: CSRMatrix, feedback: Feedback) {
    var userSums = [(sum: Double, count: Int)](repeating: (0, 0), count: ratings.rowCount)
    var itemSums = [(sum: Double, count: Int)](repeating: (0, 0), count: ratings.columnCount)
    var total = (sum: 0.0, count: 0)
    for user in 0..<ratings.rowCount {
      for entry in ratings.entries(ofRow: user) {
        let target = Double(feedback.target(of: ratings.values[entry]))
        let item = Int(ratings.columnIndices[entry])
        userSums[user].sum += target
        userSums[user].count += 1
        itemSums[item].sum += target
        itemSums[item].count += 1
        total.sum += target
        total.count += 1
      }
    }
    let overall = Float(total.sum / Double(max(1, total.count)))
    // Rows whose ratings were all held out have no mean of their own.
    func means(_ sums: [(sum: Double, count: Int)]) -> [Float] {
      sums.map { $0.count == 0 ? overall : Float($0.sum / Double($0.count)) }
    }
    users = means(userSums)
    items = means(itemSums)
    all = overall
  }

  /// The item's mean if it is known, else the user's, else that of all ratings.
  func mean(user: Int?, item: Int?) -> Float {
    if let item { return items[item] }
    if let user { return users[user] }
    return all
  }
}
