import ALS
import RatingsIO

/// Lists for many subjects, users or items, made block by block and passed on.
struct ListRun {
  /// Where they are searched for.
  var search: ListSearch
  /// How many are asked for in each list.
  var count: Int
  /// What becomes of a list before it is passed on.
  var finish: (@Sendable ([ScoredRow]) -> [ScoredRow])?
  /// Whom they are for: "user" or "item".
  var subject: String
  /// Where to tell how far it is.
  var notices: Notices

  /// Goes through the subjects in blocks, so that memory stays bounded however many there are.
  func forEachBlock(of rows: [Int], body: (ArraySlice<Int>, [[ScoredRow]]) throws -> Void) throws {
    let size = search.blockSize(count: count)
    let start = ContinuousClock.now
    let ahead = ListsAhead(search, rows: rows, size: size, finish: finish)
    defer { ahead.end() }
    while let (block, lists) = try ahead.next() {
      try Interruption.shared.check("interrupted: the recommendations are not complete")
      try body(block, lists)
      if rows.count > size {
        let rate = Double(block.endIndex) / max((ContinuousClock.now - start).inSeconds, 1e-3)
        notices.progress(
          ProgressStatus(
            label: "recommending", fraction: Double(block.endIndex) / Double(rows.count),
            details: [
              Quantity.timeLeft(Double(rows.count - block.endIndex) / rate),
              "\(Quantity.abbreviated(rate)) \(subject)s/s",
            ]))
      }
    }
    if rows.count > size {
      let seconds = (ContinuousClock.now - start).inSeconds
      StatusLine.shared.clear()
      notices.note(
        "recommended to \(Quantity.counted(rows.count, subject)) in \(Quantity.duration(seconds)),"
          + " \(Quantity.abbreviated(Double(rows.count) / max(seconds, 1e-3))) \(subject)s/s")
    }
  }

  /// Writes the lists as a table to a file or standard output.
  func write(
    _ rows: [Int], subjects: IDIndex, format: RecommendationFormat, to output: String?, form: TableForm
  ) throws {
    let sink = try TextSink(path: output, isCompressed: form.isCompressed)
    let writer = try RecommendationWriter(sink, format: format)
    try forEachBlock(of: rows) { block, lists in
      for text in RecommendationText.formatted(lists, users: block, ids: subjects, format: format) {
        try writer.write(formatted: text)
      }
    }
    try writer.finish()
  }
}
