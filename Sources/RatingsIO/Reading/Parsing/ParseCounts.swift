/// Rows by what became of them.
struct ParseCounts: Sendable {
  var rows = 0
  var droppedByMap = 0
  var droppedItems = 0
  var skipped = 0
  var deletions = 0

  mutating func add(_ other: ParseCounts) {
    rows += other.rows
    droppedByMap += other.droppedByMap
    droppedItems += other.droppedItems
    skipped += other.skipped
    deletions += other.deletions
  }
}
