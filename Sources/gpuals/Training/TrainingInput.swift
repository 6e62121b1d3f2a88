import ALS
import RatingsIO

/// What a training run reads.
struct TrainingInput {
  /// Ids of the rows of both sides.
  var users: IDIndex
  /// Ids of the items.
  var items: IDIndex
  /// The ratings to train on, and those held out.
  var data: TrainingData
  /// `CSRMatrix.fingerprint` of the training ratings.
  var fingerprint: UInt64
  /// Names of the items, where given.
  var names: [String?]?
  /// Seconds spent on reading.
  var readSeconds: Double
  /// Seconds spent on arranging.
  var buildSeconds: Double

  /// Reads and arranges, and tells what was found.
  static func read(_ run: TrainingRun) throws -> TrainingInput {
    let clock = ContinuousClock()
    let start = clock.now
    let notices = run.notices
    // A wrong name is told before minutes of reading.
    if let test = run.testing.test { try Location(test).checkReadable() }
    if let names = run.itemNames.itemNames { try Location(names).checkReadable(asOneFile: true) }
    var readOptions = run.readOptions
    let split = try run.testing.splitByTime?.start {
      try RatingsReader(options: run.readOptions).times(run.ratings)
    }
    if let split { readOptions.times = .before(split) }
    var set = try RatingsReader(options: readOptions)
      .read(run.ratings, progress: notices.byteProgress("reading"))
    StatusLine.shared.clear()
    ReadingNotices(report: set.report, options: run.readOptions).tell(notices)
    notices.note(
      "read \(Quantity.counted(set.ratings.entryCount, "rating")) of \(Quantity.counted(set.users.count, "user"))"
        + " and \(Quantity.counted(set.items.count, "item")) in \(Quantity.duration((clock.now - start).inSeconds))")

    var heldOut: CSRMatrix?
    if let split {
      guard set.ratings.entryCount > 0 else { throw CommandError.nothingBefore(time: Quantity.time(split)) }
      readOptions.times = .from(split)
      let later = try RatingsReader(options: readOptions).read(run.ratings, users: set.users, items: set.items)
      let (known, unknown) = (later.ratings.entryCount, later.report.unknown)
      guard known > 0 else {
        throw CommandError.nothingKnownFrom(time: Quantity.time(split), unknown: unknown)
      }
      notices.note(
        "testing on \(Quantity.counted(known, "rating")) from \(Quantity.time(split)) on"
          + (unknown == 0 ? "" : "; \(Quantity.grouped(unknown)) more have a user or an item without training ratings"))
      heldOut = later.ratings
    }
    if let test = run.testing.test {
      let testSet = try RatingsReader(options: run.readOptions)
        .read([Location(test)], users: set.users, items: set.items)
      ReadingNotices(report: testSet.report, options: run.readOptions).tell(notices)
      guard testSet.ratings.entryCount > 0 else {
        throw CommandError.noKnownPairs(file: test, unknown: testSet.report.unknown)
      }
      let unknown = testSet.report.unknown
      notices.note(
        "testing on \(Quantity.counted(testSet.ratings.entryCount, "rating")) of \(test)"
          + (unknown == 0 ? "" : "; \(Quantity.grouped(unknown)) more have a user or an item without training ratings"))
      heldOut = testSet.ratings
    }
    var names: [String?]?
    if let file = run.itemNames.itemNames {
      names = try readNames(file, run: run, items: set.items)
    }
    let readEnd = clock.now

    var training = set.ratings
    if let fraction = run.testing.holdout {
      let split = training.holdingOut(fraction: fraction, seed: run.parameters.seed)
      // Not kept while training.
      set.ratings = CSRMatrix(columnCount: 0, rowOffsets: [0], columnIndices: [], values: [])
      training = split.training
      heldOut = split.heldOut
      notices.note(
        "testing on \(Quantity.counted(split.heldOut.entryCount, "rating")) held out,"
          + " training on \(Quantity.grouped(split.training.entryCount))")
      if split.heldOut.entryCount == 0 {
        notices.warn(
          "--holdout \(fraction) drew none of the \(Quantity.counted(split.training.entryCount, "rating")), so no error on"
            + " held-out ratings is measured: give a larger share, or --test with a file")
      }
    }
    let data = try TrainingData(ratings: training, heldOut: heldOut)
    return TrainingInput(
      users: set.users, items: set.items, data: data, fingerprint: data.byUser.fingerprint, names: names,
      readSeconds: (readEnd - start).inSeconds, buildSeconds: (clock.now - readEnd).inSeconds)
  }

  private static func readNames(_ file: String, run: TrainingRun, items: IDIndex) throws -> [String?] {
    let names = try ItemNamesReader.read(Location(file), encoding: run.itemNames.encoding).names(for: items)
    let known = names.count { $0 != nil }
    if known == 0 {
      run.notices.warn("\(file): none of its ids is an item of the ratings, so no names will be shown")
    } else if known < items.count {
      run.notices.note("\(file): names for \(Quantity.grouped(known)) of \(Quantity.counted(items.count, "item"))")
    }
    return names
  }
}
