import ALS
import RatingsIO

/// One run of `update`: what is read, what changes, what is solved, and what is saved.
struct UpdateRun {
  /// Ratings to add or change.
  var changes: [Location]
  /// Pairs to delete.
  var deletions: [Location]
  /// The training ratings, where the model keeps none.
  var ratings: [Location]
  /// How all of them are read.
  var reading: ReadingOptions
  /// The model to update, as the user wrote it.
  var model: String
  /// Where the new one goes.
  var output: String
  /// The number of the batch.
  var sequence: UInt64?
  /// Solve users alone.
  var keepsItems: Bool
  /// Where to tell what happens.
  var notices: Notices

  /// Above this share of the training ratings, changes may have moved what was learned from the others.
  private static let largeShare = 0.2
  /// Errors on changes above this multiple of the error in training say that the model no longer fits.
  private static let largeError = 1.25

  private let clock = ContinuousClock()

  /// Does it all.
  func perform(device: DeviceOptions) throws -> UpdateSummary {
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was changed"))
    let directory = ModelDirectory(model)
    let target = ModelDirectory(output)
    var summary = UpdateSummary(model: output)
    let manifest = try directory.loadManifest()
    if let sequence, let last = manifest.updates?.sequence, sequence <= last {
      notices.note("batch \(sequence) is not newer than the last one in \(model), \(last): nothing to do")
      return summary
    }
    try target.checkWritable()
    let backend = try device.backend()
    var start = clock.now
    func lap(_ phase: String) {
      summary.seconds[phase] = (clock.now - start).inSeconds
      start = clock.now
    }
    let loaded = try directory.load(.all)
    let before = try trainingRatings(of: loaded)
    let input = try read(loaded)
    lap("read")
    summary.newUsers = input.users.count - loaded.users.count
    summary.newItems = input.items.count - loaded.items.count
    let outcome = input.changes.applied(to: before)
    summary.added = outcome.added
    summary.changed = outcome.changed
    summary.deleted = outcome.deleted
    summary.withoutEffect = outcome.withoutEffect
    guard !outcome.isEmpty || sequence != nil || output != model else {
      notices.note("the model has these changes already: nothing to do")
      return summary
    }
    guard outcome.ratings.entryCount > 0 else { throw ALSError.noRatings }
    summary.rmseOfChanges = errorOfChanges(input.changes.upserts, loaded)
    summary.usersSolved = outcome.users.count
    summary.itemsSolved = keepsItems ? 0 : outcome.items.count
    lap("build")

    var updated = loaded
    updated.users = input.users
    updated.items = input.items
    do {
      updated.state.factors = try FoldIn(backend: backend, parameters: loaded.parameters)
        .factors(after: outcome, from: loaded.factors, keepingItems: keepsItems)
    } catch let error as ALSError {
      throw error.naming(users: input.users, items: input.items)
    }
    lap("solve")
    updated.itemNames = loaded.itemNames.map { $0 + [String?](repeating: nil, count: summary.newItems) }
    let keepsRatings = loaded.ratings != nil
    updated.ratings = keepsRatings ? outcome.ratings : nil
    updated.ratingCount = outcome.ratings.entryCount
    updated.ratingsFingerprint = outcome.ratings.fingerprint
    var record = loaded.updates ?? UpdateRecord(trained: loaded.ratingCount)
    record.batches += outcome.isEmpty ? 0 : 1
    record.changes += outcome.added + outcome.changed + outcome.deleted
    record.sequence = sequence ?? record.sequence
    updated.updates = record

    Interruption.shared.set(.whenAsked(notice: "stopping once the model is written"))
    try target.save(
      updated, seconds: manifest.seconds, peakDeviceBytes: manifest.peakDeviceBytes, keepsRatings: keepsRatings)
    lap("write")
    summary.updated = true
    judge(record, manifest, &summary)
    tell(summary)
    try Interruption.shared.check("interrupted, but the update was complete and is saved in \(output)")
    return summary
  }

  private func trainingRatings(of loaded: Model) throws -> CSRMatrix {
    if let kept = loaded.ratings { return kept }
    guard !ratings.isEmpty else {
      throw CommandError.ratingsNotKept(model: model, purpose: "an update", remedy: "give them with --ratings")
    }
    let options = reading.readOptions(for: loaded.parameters.feedback)
    let set = try RatingsReader(options: options).read(ratings, users: loaded.users, items: loaded.items)
    ReadingNotices(report: set.report, options: options).tell(notices)
    // A model that was imported without ratings cannot tell which they were.
    guard loaded.ratingCount == 0 || set.ratings.fingerprint == loaded.ratingsFingerprint else {
      throw CommandError.otherRatings(model: model, count: loaded.ratingCount, found: set.ratings.entryCount)
    }
    return set.ratings
  }

  /// What is read, in rows of the model and behind them new ones.
  private struct Input {
    var users: IDIndex
    var items: IDIndex
    var changes: RatingChanges
  }

  private func read(_ loaded: Model) throws -> Input {
    var options = reading.readOptions(for: loaded.parameters.feedback)
    // A row says what a pair's rating is from now on: the last one counts, unless told otherwise.
    options.duplicates = reading.duplicates ?? .last
    var users = Rows(of: loaded.users)
    var items = Rows(of: loaded.items)
    var set: RatingSet?
    if !changes.isEmpty {
      let read = try RatingsReader(options: options).read(changes, progress: notices.byteProgress("reading"))
      StatusLine.shared.clear()
      ReadingNotices(report: read.report, options: options).tell(notices)
      users = try Rows(of: read.users, in: loaded.users)
      items = try Rows(of: read.items, in: loaded.items)
      set = read
    }
    let none = CSRMatrix(
      columnCount: items.index.count, rowOffsets: [Int](repeating: 0, count: users.index.count + 1), columnIndices: [],
      values: [])
    var gone = none
    if !deletions.isEmpty {
      var pairs = options
      pairs.columns = options.columns.map { ColumnSelection(user: $0.user, item: $0.item) }
      let set = try RatingsReader(options: pairs).read(deletions, users: users.index, items: items.index)
      if set.report.unknown > 0 {
        notices.note("the model does not know \(Quantity.counted(set.report.unknown, "pair")) of those to delete")
      }
      gone = set.ratings
    }
    return Input(
      users: users.index, items: items.index,
      changes: RatingChanges(upserts: set.map { arranged($0.ratings, users, items) } ?? none, deletions: gone))
  }

  /// Ids of one side as rows of a model, with new rows behind for those that it does not know.
  private struct Rows {
    /// The ids of all rows.
    var index: IDIndex
    /// The row of each of the ids.
    var rows: [Int] = []

    init(of index: IDIndex) { self.index = index }

    init(of ids: IDIndex, in known: IDIndex) throws {
      var new: [String] = []
      for place in 0..<ids.count {
        let id = ids[place]
        rows.append(known.row(of: id) ?? known.count + new.count)
        if rows[place] >= known.count { new.append(id) }
      }
      index = try known.appending(new)
    }
  }

  /// A matrix in other rows and columns.
  private func arranged(_ ratings: CSRMatrix, _ users: Rows, _ items: Rows) -> CSRMatrix {
    var entries = [[(Int32, Float)]](repeating: [], count: users.index.count)
    for row in 0..<ratings.rowCount {
      entries[users.rows[row]] = ratings.entries(ofRow: row)
        .map { (Int32(items.rows[Int(ratings.columnIndices[$0])]), ratings.values[$0]) }.sorted { $0.0 < $1.0 }
    }
    var offsets = [0]
    for row in entries { offsets.append(offsets[offsets.count - 1] + row.count) }
    return CSRMatrix(
      columnCount: items.index.count, rowOffsets: offsets, columnIndices: entries.flatMap { $0.map(\.0) },
      values: entries.flatMap { $0.map(\.1) })
  }

  /// The error of the model on ratings that it is about to learn of.
  private func errorOfChanges(_ upserts: CSRMatrix, _ loaded: Model) -> Double? {
    let metrics = RatingMetrics(
      of: loaded.factors.withBiasesAsFactors, on: upserts, feedback: loaded.parameters.feedback)
    return metrics.count == 0 ? nil : metrics.rmse
  }

  /// Whether training again is advisable.
  private func judge(_ record: UpdateRecord, _ manifest: ModelManifest, _ summary: inout UpdateSummary) {
    summary.shareChanged = Double(record.changes) / Double(max(1, record.trained))
    let last = manifest.iterations.last
    if let error = summary.rmseOfChanges, let usual = last?.testRMSE ?? last?.trainRMSE,
      error > Self.largeError * usual,
      last?.testRMSE != nil || error > 2 * Self.largeError * usual
    {
      summary.retrain =
        "the error on these changes was \(Quantity.measure(error)) before the update, against"
        + " \(Quantity.measure(usual)) in training"
    } else if summary.shareChanged > Self.largeShare {
      let percent = Int((summary.shareChanged * 100).rounded())
      summary.retrain = "\(percent) % as many ratings have changed since training as it was trained on"
    }
  }

  private func tell(_ summary: UpdateSummary) {
    notices.note(
      "added \(Quantity.counted(summary.added, "rating")), changed \(Quantity.grouped(summary.changed)), deleted"
        + " \(Quantity.grouped(summary.deleted))"
        + (summary.withoutEffect > 0 ? " (\(Quantity.grouped(summary.withoutEffect)) without effect)" : "")
        + "; \(Quantity.counted(summary.newUsers, "user")) and \(Quantity.counted(summary.newItems, "item")) are new")
    let solve = summary.seconds["solve"] ?? 0
    notices.note(
      "solved \(Quantity.counted(summary.usersSolved, "user")) and \(Quantity.counted(summary.itemsSolved, "item")) in"
        + " \(Quantity.duration(solve)); the model is in \(summary.model)")
    if let error = summary.rmseOfChanges {
      notices.note("the error on the changes was \(Quantity.measure(error)) before the update")
    }
    if let reason = summary.retrain { notices.warn("training again is advisable: \(reason)") }
  }
}
