import ALS

/// What is to be found among a test's ratings: the items that a user rated high enough, each once, without those of the training
/// ratings.
struct RelevantItems {
  /// Users × items.
  var matrix: CSRMatrix
  /// Number of ratings that were left out because they are among the training ratings.
  var seen = 0

  /// - Parameters:
  ///   - seen: the training ratings; `nil`: nothing is left out.
  ///   - from: the lowest rating of a relevant item; by default any, or any above 0 of implicit feedback.
  init(in ratings: CSRMatrix, seen: CSRMatrix?, feedback: Feedback, from lowest: Double?) {
    var offsets = [0]
    var columns: [Int32] = []
    for user in 0..<ratings.rowCount {
      let known = Set(seen.map { Array($0.columnIndices[$0.entries(ofRow: user)]) } ?? [])
      var last: Int32 = -1
      for entry in ratings.entries(ofRow: user) {
        let (column, rating) = (ratings.columnIndices[entry], ratings.values[entry])
        let isHigh = lowest.map { Double(rating) >= $0 } ?? (!feedback.isImplicit || rating > 0)
        guard isHigh, column != last else { continue }
        if known.contains(column) {
          self.seen += 1
          continue
        }
        last = column
        columns.append(column)
      }
      offsets.append(columns.count)
    }
    matrix = CSRMatrix(
      columnCount: ratings.columnCount, rowOffsets: offsets, columnIndices: columns,
      values: [Float](repeating: 1, count: columns.count))
  }
}
