import ALS

/// What stands above a user's table: who it is, and what the user rated highest, so that a person can judge the list.
struct UserHeading {
  /// The user's row.
  var user: Int
  /// The model, with its ratings if it keeps them.
  var model: Model
  /// How items are called.
  var table: ListTable

  /// One line or two.
  var text: String {
    let id = model.users[user]
    guard let ratings = model.ratings else { return "user \(id)\n" }
    var best = TopN(count: 5)
    let entries = ratings.entries(ofRow: user)
    for entry in entries { best.offer(row: Int(ratings.columnIndices[entry]), score: ratings.values[entry]) }
    let highest = best.sorted.map { "\(table.label($0.row)) (\(Quantity.plain($0.score)))" }
    let heading = "user \(id), \(Quantity.counted(entries.count, "rating"))"
    return highest.isEmpty ? "\(heading)\n" : "\(heading), highest: \(highest.joined(separator: ", "))\n"
  }
}
