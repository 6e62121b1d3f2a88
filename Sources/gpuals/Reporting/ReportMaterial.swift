import ALS
import RatingsIO

/// What a report tells of: a model, its ratings, and what it recommends to its users.
struct ReportMaterial {
  /// With factors, ids, names, and its ratings if it keeps them.
  var model: Model
  var manifest: ModelManifest
  /// As the user wrote it.
  var path: String
  /// The training ratings, where known.
  var ratings: CSRMatrix?
  /// Ratings that the model has not seen, if given.
  var test: CSRMatrix?
  /// Length of the lists.
  var count: Int
  /// The users that lists were made for.
  var listedUsers: [Int]
  /// In how many lists each item is.
  var frequencies: [Int]
  /// What pairs are scored by.
  var factors: Factors

  /// Lists are made for so many users at most.
  private static let mostUsers = 50_000

  init(
    model options: ModelOptions, test: String?, ratings: [String], count: Int, device: ListDeviceOptions,
    reading: ReadingOptions, notices: Notices
  ) throws {
    path = options.model
    manifest = try options.directory.loadManifest()
    model = try options.directory.load(ratings.isEmpty ? .all : [.factors, .ids, .names])
    let loaded = model
    let readOptions = reading.readOptions(for: loaded.parameters.feedback)
    func read(_ paths: [String]) throws -> RatingSet {
      let set = try RatingsReader(options: readOptions)
        .read(paths.map { Location($0) }, users: loaded.users, items: loaded.items)
      StatusLine.shared.clear()
      ReadingNotices(report: set.report, options: readOptions).tell(notices)
      return set
    }
    self.ratings = ratings.isEmpty ? loaded.ratings : try read(ratings).ratings
    if let test {
      let set = try read([test])
      guard set.ratings.entryCount > 0 else {
        throw CommandError.noKnownPairs(file: test, unknown: set.report.unknown)
      }
      self.test = set.ratings
    }
    if self.ratings == nil {
      notices.warn(
        "\(path) holds no training ratings (--no-keep-ratings), so the report leaves out what is told by them: give them with"
          + " --ratings")
    }
    self.count = count
    factors = loaded.factors.withBiasesAsFactors
    let known = self.ratings
    let all = (0..<loaded.users.count).filter { user in known.map { !$0.entries(ofRow: user).isEmpty } ?? true }
    // Evenly spaced, so that the same users are looked at every time.
    let stride = max(1, (all.count + Self.mostUsers - 1) / Self.mostUsers)
    listedUsers = all.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    frequencies = [Int](repeating: 0, count: loaded.items.count)
    guard !listedUsers.isEmpty else { return }
    Interruption.shared.set(.whenAsked(notice: "stopping"))
    let search = try ListSearch(
      device, factors: factors, allowed: [Bool](repeating: true, count: loaded.items.count),
      seen: [known].compactMap { $0 }, count: count, userCount: listedUsers.count, notices)
    let ahead = ListsAhead(search, rows: listedUsers, size: search.blockSize(count: count))
    defer { ahead.end() }
    while let (_, lists) = try ahead.next() {
      try Interruption.shared.check("interrupted: no report was written")
      for place in lists.joined() { frequencies[place.row] += 1 }
    }
  }

  /// How an item is called.
  func label(_ item: Int) -> String {
    ListTable(ids: model.items, names: model.itemNames, kind: "item").label(item)
  }

  /// Ratings of each item.
  var popularities: [Int]? {
    ratings.map { ratings in
      var counts = [Int](repeating: 0, count: ratings.columnCount)
      for column in ratings.columnIndices { counts[Int(column)] += 1 }
      return counts
    }
  }

  /// The list of a user.
  func list(of user: Int, count: Int) -> [ScoredRow] {
    let seen = Set(ratings.map { Array($0.columnIndices[$0.entries(ofRow: user)]) } ?? [])
    return factors.recommendations(forUser: user, count: count) { seen.contains(Int32($0)) }
  }
}
