import ALS
import RatingsIO

/// `update --kinesis`: follows a stream of changes, and publishes the model now and then.
///
/// How far each shard has been read is saved with the model, in one step: what is in it is not read again, whatever happens.
struct StreamRun {
  /// The stream, by name or ARN.
  var stream: String
  /// Where to begin in a stream that nothing was read of yet.
  var start: StreamStart
  /// Forgets how far the stream was read.
  var restarts: Bool
  /// The table whose messages matter; `nil`: all.
  var table: String?
  /// Seconds between two publications.
  var publishEvery: Double
  /// Seconds between two looks at a stream that had nothing new.
  var poll: Double
  /// Seconds without a record after which to end; `nil`: never.
  var stopWhenIdle: Double?
  /// Where records go that are no changes.
  var deadLetters: String
  /// Where to tell what happens.
  var notices: Notices

  /// Changes are taken into the model when so many wait.
  private static let mostPending = 500_000
  /// Seconds between two publications without a change.
  private static let positionEvery = 600.0
  /// Times that something that may pass is tried.
  private static let mostAttempts = 8

  private let clock = ContinuousClock()

  /// Does it all.
  func perform(_ session: UpdateSession) throws {
    Interruption.shared.set(.whenAsked(notice: "stopping once what is read is in the model"))
    if restarts { session.streams[stream] = nil }
    let options = session.options
    var reader = StreamReader(
      KinesisStream(stream), positions: session.streams[stream] ?? [:], start: start, notices: notices)
    var messages = ChangeMessageReader(
      columns: options.columns, ratingMap: options.ratingMap, dropItems: options.dropItems, table: table)
    var pending = PendingChanges()
    var letters = DeadLetters(deadLetters)
    var batch = Batch()
    var lastPublication = clock.now
    var lastRecord = clock.now
    var failures = 0

    func publish(positionAlone: Bool = true) throws {
      let hasChanges = pending.count > 0 || session.hasEffect
      guard hasChanges || (positionAlone && session.streams[stream] ?? [:] != reader.positions) else { return }
      try apply(&pending, to: session)
      // Before the position in the stream moves on.
      try letters.flush()
      session.rejected += batch.rejected
      session.streams[stream] = reader.positions
      try session.publish()
      tell(batch, session)
      session.adviseRetraining()
      batch = Batch()
      lastPublication = clock.now
    }

    notices.note("following the stream \(stream); the model is published every \(Quantity.duration(publishEvery))")
    while Interruption.shared.requested == nil {
      var isEmpty = true
      do {
        let count = try reader.read { shard, record in
          batch.records += 1
          session.summary.records += 1
          do throws(RowFault) {
            guard let change = try messages.read(record.data) else { return }
            if !pending.add(change) { batch.outdated += 1 }
          } catch {
            batch.rejected += 1
            session.summary.rejected += 1
            try letters.add(record, of: shard, in: stream, reason: error.description)
          }
        }
        isEmpty = count == 0
        if count > 0 { lastRecord = clock.now }
        failures = 0
      } catch let error as KinesisError {
        // A signal to the whole group ends the client, too.
        if Interruption.shared.requested != nil { break }
        failures += 1
        guard error.mayPass, failures < Self.mostAttempts else {
          try publish()
          throw error
        }
        if failures == 2 { notices.warn("\(error); trying again") }
        Pause.wait(min(30, poll * Double(1 << failures)))
        continue
      }
      if pending.count >= Self.mostPending { try apply(&pending, to: session) }
      let waited = (clock.now - lastPublication).inSeconds
      // For a position alone the whole model is not written so often: what is read twice changes nothing.
      if waited >= publishEvery { try publish(positionAlone: waited >= max(publishEvery, Self.positionEvery)) }
      guard reader.isAtEnd else {
        if isEmpty { Pause.wait(poll) }
        continue
      }
      if let limit = stopWhenIdle, (clock.now - lastRecord).inSeconds >= limit { break }
      Pause.wait(poll)
    }
    try publish()
    session.tell()
    if session.summary.rejected > 0 {
      notices.warn(
        "\(Quantity.counted(session.summary.rejected, "record")) put aside that could not be read as a change: look at"
          + " \(deadLetters) for the reasons")
    }
  }

  /// What came since the last publication.
  private struct Batch {
    var records = 0
    var rejected = 0
    var outdated = 0
  }

  private func apply(_ pending: inout PendingChanges, to session: UpdateSession) throws {
    guard pending.count > 0 else { return }
    let changes = try pending.take()
    try session.apply(
      upserts: changes.upserts, deletions: changes.deletions, users: changes.users, items: changes.items)
  }

  private func tell(_ batch: Batch, _ session: UpdateSession) {
    notices.note(
      "published: \(Quantity.counted(batch.records, "record"))"
        + (batch.outdated > 0 ? ", \(Quantity.grouped(batch.outdated)) older than what is known" : "")
        + (batch.rejected > 0 ? ", \(Quantity.grouped(batch.rejected)) put aside" : "")
        + "; \(Quantity.counted(session.ids.users.count, "user")), \(Quantity.counted(session.ids.items.count, "item"))"
    )
  }
}
