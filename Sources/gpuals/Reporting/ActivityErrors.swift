import ALS

/// Errors of users by how many ratings they have.
struct ActivityErrors {
  /// "11–20" ratings.
  var names: [String] = []
  /// Users of each kind.
  var users: [Int] = []
  /// The root mean squared error of each kind; `nil` where none of its users has a rating to measure.
  var errors: [Double?] = []

  private static let bounds = [1, 3, 6, 11, 21, 51, 101, 201, 501, 1001, 5001]

  /// - Parameters:
  ///   - training: the ratings that count.
  ///   - measured: those that errors are measured on.
  init(training: CSRMatrix, measured: CSRMatrix, factors: Factors, feedback: Feedback) {
    var kinds = [(users: Int, errors: RatingMetrics)](repeating: (0, RatingMetrics()), count: Self.bounds.count)
    for user in 0..<training.rowCount {
      let count = training.entries(ofRow: user).count
      guard let kind = Self.bounds.lastIndex(where: { $0 <= count }) else { continue }
      kinds[kind].users += 1
      for entry in measured.entries(ofRow: user) {
        kinds[kind].errors.add(
          prediction: factors.score(user: user, item: Int(measured.columnIndices[entry])),
          target: feedback.target(of: measured.values[entry]))
      }
    }
    // Kinds before the first and behind the last user are not shown.
    guard let first = kinds.firstIndex(where: { $0.users > 0 }), let last = kinds.lastIndex(where: { $0.users > 0 })
    else { return }
    for kind in first...last {
      let low = Self.bounds[kind]
      let name = kind + 1 < Self.bounds.count ? "\(low)–\(Self.bounds[kind + 1] - 1)" : "\(low)+"
      names.append(name)
      users.append(kinds[kind].users)
      errors.append(kinds[kind].errors.count > 0 ? kinds[kind].errors.rmse : nil)
    }
  }
}
