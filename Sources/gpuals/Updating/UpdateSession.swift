import ALS
import RatingsIO

/// A model while it is updated: loaded once, changed any number of times, published now and then.
final class UpdateSession {
  /// The model, as the user wrote it.
  let model: String
  /// Where updated ones go.
  let output: String
  var summary: UpdateSummary
  /// How far streams have come.
  var streams: [String: [String: String]]
  /// Records of streams that are no changes, in all runs.
  var rejected: Int
  /// Files of changes that are in the model, by their names.
  var appliedFiles: [String: AppliedFile]

  /// How ratings and changes are read.
  let options: ReadOptions
  private let backend: any Backend
  private let target: ModelDirectory
  private let manifest: ModelManifest
  private let keepsItems: Bool
  private let notices: Notices
  private var update: ModelUpdate
  private var record: UpdateRecord
  private var errors = RatingMetrics()
  /// What has changed since the model was published last.
  private var effect = ModelUpdate.Effect()
  /// What stands in the place that is published to; `nil`: that has not been looked at.
  private var published: ModelManifest?
  private let before: (users: Int, items: Int)
  private var hasAdvised = false
  /// Whether the ratings are in between: changes that come late have been applied, and those that follow not all yet.
  var isReplaying = false

  private let clock = ContinuousClock()
  private var lapStart: ContinuousClock.Instant

  /// Above this share of the training ratings, changes may have moved what was learned from the others.
  private static let largeShare = 0.2
  /// Errors on changes above this multiple of the error in training say that the model no longer fits.
  private static let largeError = 1.25

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - model: as the user wrote it.
  ///   - output: where the new one goes.
  ///   - ratings: the training ratings, where the model keeps none.
  ///   - reading: how they and changes are read.
  ///   - keepsItems: solve users alone.
  init(
    model: String, output: String, ratings: [Location], reading: ReadingOptions, keepsItems: Bool,
    device: DeviceOptions,
    notices: Notices
  ) throws {
    self.model = model
    self.output = output
    self.keepsItems = keepsItems
    self.notices = notices
    lapStart = clock.now
    summary = UpdateSummary(model: output)
    target = ModelDirectory(output)
    target.removeLeftovers()
    try target.checkWritable()
    backend = try device.backend()
    lapStart = clock.now
    let directory = ModelDirectory(model)
    manifest = try directory.loadManifest()
    published = output == model ? manifest : nil
    let loaded = try directory.load(.all)
    options = reading.readOptions(for: loaded.parameters.feedback)
    let present = try Self.ratings(of: loaded, in: model, orFrom: ratings, options: options, notices: notices)
    update = ModelUpdate(loaded, ratings: present)
    record = loaded.updates ?? UpdateRecord(trained: loaded.ratingCount)
    streams = record.streams ?? [:]
    rejected = record.rejected ?? 0
    appliedFiles = Dictionary(loaded.appliedFiles.map { ($0.file, $0) }, uniquingKeysWith: { $1 })
    before = (loaded.users.count, loaded.items.count)
  }

  /// Whether there is a change that is not published.
  var hasEffect: Bool { !effect.isEmpty }

  /// The ids and rows of the model as they are now.
  var ids: (users: IDIndex, items: IDIndex) { (update.model.users, update.model.items) }

  /// Adds the time since the last call to a phase.
  func lap(_ phase: String) {
    summary.seconds[phase, default: 0] += (clock.now - lapStart).inSeconds
    lapStart = clock.now
  }

  /// Brings changes into the ratings.
  func apply(upserts: CSRMatrix, deletions: CSRMatrix, users: IDIndex, items: IDIndex) throws {
    let errors = update.errors(on: upserts, users: users, items: items)
    let outcome = try update.apply(upserts: upserts, deletions: deletions, users: users, items: items)
    self.errors.add(errors)
    effect += outcome
    summary.added += outcome.added
    summary.changed += outcome.changed
    summary.deleted += outcome.deleted
    summary.withoutEffect += outcome.withoutEffect
    lap("build")
  }

  /// Solves what has changed, and puts the model in its place.
  ///
  /// - Parameter sequence: the number of the batch, where it has one.
  func publish(sequence: UInt64? = nil) throws {
    lapStart = clock.now
    if !effect.isEmpty {
      do {
        (summary.usersSolved, summary.itemsSolved) = try update.solve(on: backend, keepingItems: keepsItems)
      } catch let error as ALSError {
        throw error.naming(users: update.model.users, items: update.model.items)
      }
      record.batches += 1
    }
    lap("solve")
    record.changes = update.changeCount
    record.sequence = sequence ?? record.sequence
    record.streams = streams.isEmpty ? nil : streams
    record.rejected = rejected > 0 ? rejected : nil
    var updated = update.model
    updated.updates = record
    updated.appliedFiles = appliedFiles.values.sorted { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
    try target.whileLocked {
      try checkNotReplaced()
      try target.save(
        updated, seconds: manifest.seconds, peakDeviceBytes: manifest.peakDeviceBytes,
        keepsRatings: updated.ratings != nil)
      published = try target.loadManifest()
    }
    lap("write")
    effect = ModelUpdate.Effect()
    summary.updated = true
    summary.published += 1
    // Those that have lost their last rating are gone.
    summary.newUsers = max(0, update.model.users.count - before.users)
    summary.newItems = max(0, update.model.items.count - before.items)
    judge()
    errors = RatingMetrics()
  }

  /// Another update, or a training, may have put a model there meanwhile, and its changes would be lost.
  private func checkNotReplaced() throws {
    guard let published else { return }
    guard try target.loadManifest() == published else { throw CommandError.modelReplaced(output) }
  }

  private static func ratings(
    of loaded: Model, in model: String, orFrom locations: [Location], options: ReadOptions, notices: Notices
  ) throws -> CSRMatrix {
    if let kept = loaded.ratings { return kept }
    guard !locations.isEmpty else {
      throw CommandError.ratingsNotKept(model: model, purpose: "an update", remedy: "give them with --ratings")
    }
    let set = try RatingsReader(options: options).read(locations, users: loaded.users, items: loaded.items)
    ReadingNotices(report: set.report, options: options).tell(notices)
    // A model that was imported without ratings cannot tell which they were.
    guard loaded.ratingCount == 0 || set.ratings.fingerprint == loaded.ratingsFingerprint else {
      throw CommandError.otherRatings(model: model, count: loaded.ratingCount, found: set.ratings.entryCount)
    }
    return set.ratings
  }

  /// Whether training again is advisable.
  private func judge() {
    if errors.count > 0 { summary.rmseOfChanges = errors.rmse }
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
    } else {
      summary.retrain = nil
    }
  }

  /// Says in the end what has been done.
  func tell() {
    notices.note(
      "added \(Quantity.counted(summary.added, "rating")), changed \(Quantity.grouped(summary.changed)), deleted"
        + " \(Quantity.grouped(summary.deleted))"
        + (summary.withoutEffect > 0 ? " (\(Quantity.grouped(summary.withoutEffect)) without effect)" : "")
        + "; \(Quantity.counted(summary.newUsers, "user")) and \(Quantity.counted(summary.newItems, "item")) are new")
    let solve = summary.seconds["solve"] ?? 0
    notices.note(
      "solved \(Quantity.counted(summary.usersSolved, "user")) and \(Quantity.counted(summary.itemsSolved, "item")) in"
        + " \(Quantity.duration(solve)), all whose ratings are others than in training; the model is in \(output)")
    if let error = summary.rmseOfChanges {
      notices.note("the error on the changes was \(Quantity.measure(error)) before the update")
    }
    adviseRetraining()
  }

  /// Says when training again is advisable, once.
  func adviseRetraining() {
    guard let reason = summary.retrain, !hasAdvised else { return }
    hasAdvised = true
    notices.warn("training again is advisable: \(reason)")
  }
}
