import ALS
import RatingsIO

/// What a model is trained on: where it is, how it is read, what of it is held out.
struct TrainingSource {
  /// Where the ratings are.
  var ratings: [Location]
  /// How they are read.
  var readOptions: ReadOptions
  /// Names of the items, if given.
  var itemNames: ItemNameOptions
  /// What to measure the error on.
  var testing: TestingOptions
  /// Of what is held out by chance.
  var seed: UInt64
  /// Where to tell what happens.
  var notices: Notices

  /// Reads and arranges, and tells what was found.
  func read() throws -> TrainingInput {
    let clock = ContinuousClock()
    let start = clock.now
    // A wrong name is told before minutes of reading.
    if let test = testing.test { try Location(test).checkReadable() }
    if let names = itemNames.itemNames { try Location(names).checkReadable(asOneFile: true) }
    var readOptions = self.readOptions
    let split = try testing.splitByTime?.start {
      try RatingsReader(options: self.readOptions).times(ratings)
    }
    if let split { readOptions.times = .before(split) }
    var set = try RatingsReader(options: readOptions)
      .read(ratings, progress: notices.byteProgress("reading"))
    StatusLine.shared.clear()
    ReadingNotices(report: set.report, options: self.readOptions).tell(notices)
    notices.note(
      "read \(Quantity.counted(set.ratings.entryCount, "rating")) of \(Quantity.counted(set.users.count, "user"))"
        + " and \(Quantity.counted(set.items.count, "item")) in \(Quantity.duration((clock.now - start).inSeconds))")

    var heldOut: CSRMatrix?
    if let split {
      guard set.ratings.entryCount > 0 else { throw CommandError.nothingBefore(time: Quantity.time(split)) }
      readOptions.times = .from(split)
      let later = try RatingsReader(options: readOptions).read(ratings, users: set.users, items: set.items)
      let (known, unknown) = (later.ratings.entryCount, later.report.unknown)
      guard known > 0 else {
        throw CommandError.nothingKnownFrom(time: Quantity.time(split), unknown: unknown)
      }
      notices.note(
        "testing on \(Quantity.counted(known, "rating")) from \(Quantity.time(split)) on"
          + (unknown == 0 ? "" : "; \(Quantity.grouped(unknown)) more have a user or an item without training ratings"))
      heldOut = later.ratings
    }
    if let test = testing.test {
      let testSet = try RatingsReader(options: self.readOptions)
        .read([Location(test)], users: set.users, items: set.items)
      ReadingNotices(report: testSet.report, options: self.readOptions).tell(notices)
      guard testSet.ratings.entryCount > 0 else {
        throw CommandError.noKnownPairs(file: test, unknown: testSet.report.unknown)
      }
      let unknown = testSet.report.unknown
      notices.note(
        "testing on \(Quantity.counted(testSet.ratings.entryCount, "rating")) of \(test)"
          + (unknown == 0 ? "" : "; \(Quantity.grouped(unknown)) more have a user or an item without training ratings"))
      heldOut = testSet.ratings
    }
    let names = try itemNames.names(for: set.items, notices)
    let readEnd = clock.now

    var training = set.ratings
    if let fraction = testing.holdout {
      let split = training.holdingOut(fraction: fraction, seed: seed)
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
    let data = try TrainingData(ratings: training, heldOut: heldOut, users: set.users)
    return TrainingInput(
      users: set.users, items: set.items, data: data, fingerprint: data.byUser.fingerprint, names: names,
      // What is held out of them is not in the model.
      changeFiles: split == nil && testing.holdout == nil ? set.report.changeFiles : [],
      readSeconds: (readEnd - start).inSeconds, buildSeconds: (clock.now - readEnd).inSeconds)
  }
}
