import ALS
import Dispatch
import RatingsIO

/// Lists for many subjects, users or items, made block by block and passed on.
struct ListRun {
  /// Where they are searched for.
  var search: ListSearch
  /// How many are asked for in each list.
  var count: Int
  /// What becomes of a list before it is passed on.
  var finish: (@Sendable ([ScoredRow]) -> [ScoredRow])?
  /// What puts the candidates into another order, if anything.
  var reranker: Reranker?
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
    func pass(_ block: ArraySlice<Int>, _ lists: [[ScoredRow]]) throws {
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
    if let reranker {
      try forEachBlock(of: ahead, orderedBy: reranker, body: pass)
    } else {
      while let (block, lists) = try ahead.next() { try pass(block, lists) }
    }
    if rows.count > size {
      let seconds = (ContinuousClock.now - start).inSeconds
      StatusLine.shared.clear()
      notices.note(
        "recommended to \(Quantity.counted(rows.count, subject)) in \(Quantity.duration(seconds)),"
          + " \(Quantity.abbreviated(Double(rows.count) / max(seconds, 1e-3))) \(subject)s/s")
    }
  }

  /// Candidates are found and sent on a thread of their own, so that they do not wait for the program's answers.
  private func forEachBlock(
    of ahead: ListsAhead, orderedBy reranker: Reranker, body: (ArraySlice<Int>, [[ScoredRow]]) throws -> Void
  ) throws {
    let queue = CandidateQueue()
    let sender = DispatchQueue(label: "gpuals.candidates", qos: .userInitiated)
    sender.async {
      do {
        while !queue.isAbandoned, let next = try ahead.next() {
          queue.add(.success(next))
          if !reranker.send(next.block, next.lists) { break }
        }
      } catch {
        queue.add(.failure(error))
      }
      reranker.closeInput()
      queue.end()
    }
    do {
      while let (block, lists) = try queue.next() { try body(block, try reranker.answers(for: block, lists)) }
      try reranker.finish()
    } catch {
      queue.abandon()
      reranker.abandon()
      sender.sync {}
      throw error
    }
    sender.sync {}
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
