import RatingsIO

/// What reading left out, merged or found odd.
struct ReadingNotices {
  /// What the reader counted.
  var report: ReadReport
  /// How it read.
  var options: ReadOptions

  /// Tells it, the suspicious as warnings.
  func tell(_ notices: Notices) {
    var dropped: [String] = []
    if report.droppedByMap > 0 { dropped.append("\(Quantity.counted(report.droppedByMap, "row")) by --rating-map") }
    if report.droppedItems > 0 { dropped.append("\(Quantity.counted(report.droppedItems, "row")) by --drop-items") }
    if !dropped.isEmpty { notices.note("dropped \(dropped.joined(separator: " and "))") }
    if report.hasOperations {
      notices.note(
        "replayed the operations on each pair in the order of the input; \(Quantity.counted(report.deletions, "row"))"
          + " deleted one")
    } else if report.duplicates > 0 {
      let what = Quantity.counted(report.duplicates, "repeated rating")
      let policy = options.duplicatePolicy(withOperations: false)
      notices.note(
        policy == .keep
          ? "kept \(what) of the same user and item (--duplicates keep)"
          : "merged \(what) of the same user and item (--duplicates \(policy.rawValue))")
    }
    if !report.hasRatings, report.rowCount > 0 {
      notices.note("no rating column: every row counts 1")
    }
    if report.skipped > 0 {
      notices.warn(
        "skipped \(Quantity.counted(report.skipped, "malformed row"))"
          + (report.firstSkipped.map { "; the first: \($0)" } ?? ""))
    }
    for sentinel in report.sentinels {
      let value = Quantity.plain(sentinel.value)
      notices.warn(
        "\(Quantity.counted(sentinel.count, "rating is", plural: "ratings are")) \(value), far outside the others"
          + " (\(Quantity.plain(sentinel.bulk.lowerBound)) to \(Quantity.plain(sentinel.bulk.upperBound))):"
          + " if \(value) is a code, not a rating, give --rating-map \(value)=drop")
    }
  }
}
