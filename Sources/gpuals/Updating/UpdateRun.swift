import ALS
import RatingsIO

/// One run of `update` with files of changes: what is read, what changes, what is solved, and what is saved.
struct UpdateRun {
  /// Ratings to add or change; forms that carry operations delete, too.
  var changes: [Location]
  /// Pairs to delete.
  var deletions: [Location]
  /// The number of the batch.
  var sequence: UInt64?
  /// Where to tell what happens.
  var notices: Notices

  /// Whether a batch of that number is in a model already.
  static func isApplied(_ sequence: UInt64?, in model: String, notices: Notices) throws -> Bool {
    guard let sequence, let last = try ModelDirectory(model).loadManifest().updates?.sequence, sequence <= last else {
      return false
    }
    notices.note("batch \(sequence) is not newer than the last one in \(model), \(last): nothing to do")
    return true
  }

  /// A row says what a pair's rating is from now on, so that the last one counts, unless told otherwise.
  private func read(_ options: ReadOptions) throws -> ChangeSet {
    let reader = RatingsReader(options: options)
    let progress = notices.byteProgress("reading")
    guard let policy = options.duplicates, policy != .last else {
      return try reader.readChanges(changes, progress: progress)
    }
    let set = try reader.read(changes, progress: progress)
    let none = CSRMatrix(rowCount: set.users.count, columnCount: set.items.count, entries: [])
    return ChangeSet(
      users: set.users, items: set.items, upserts: set.ratings, deletions: none, report: set.report, rows: [])
  }

  /// Does it all.
  func perform(_ session: UpdateSession) throws {
    if !changes.isEmpty {
      let read = try read(session.options)
      StatusLine.shared.clear()
      ReadingNotices(report: read.report, options: session.options).tell(notices)
      session.lap("read")
      try session.apply(upserts: read.upserts, deletions: read.deletions, users: read.users, items: read.items)
    }
    if !deletions.isEmpty {
      let ids = session.ids
      var pairs = session.options
      pairs.columns = pairs.columns.map { ColumnSelection(user: $0.user, item: $0.item) }
      let gone = try RatingsReader(options: pairs).read(deletions, users: ids.users, items: ids.items)
      session.lap("read")
      if gone.report.unknown > 0 {
        notices.note("the model does not know \(Quantity.counted(gone.report.unknown, "pair")) of those to delete")
      }
      let none = CSRMatrix(rowCount: ids.users.count, columnCount: ids.items.count, entries: [])
      try session.apply(upserts: none, deletions: gone.ratings, users: ids.users, items: ids.items)
    }
    guard session.hasEffect || sequence != nil || session.output != session.model else {
      notices.note("the model has these changes already: nothing to do")
      return
    }
    Interruption.shared.set(.whenAsked(notice: "stopping once the model is written"))
    try session.publish(sequence: sequence)
    session.tell()
    try Interruption.shared.check("interrupted, but the update was complete and is saved in \(session.output)")
  }
}
