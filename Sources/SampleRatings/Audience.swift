import ALS

/// All listeners of a sample, each a function of (seed, listener): who rates what how high.
struct Audience: Sendable {
  private let shape: SampleShape
  private let philox: Philox
  private let catalogue: Catalogue
  private let activity: Activity
  private let present: [Bool]
  private var scale = RatingScale(likings: [])

  /// The id and the name of the odd artists of Yahoo! Music R1.
  static let notApplicable = (id: -100, name: "Not Applicable")
  static let unknownArtist = (id: -99, name: "Unknown Artist")
  /// "Never play again", which is not a rating of 255.
  static let neverAgain = 255

  /// Share of rows with 255: `anywhere` of all rows, and `disliked` of rows that would have the rating 0.
  private static let neverAgainAnywhere = 0.00005
  private static let neverAgainDisliked = 0.00045 / RatingScale.zeroShare

  /// Rows from which the rating scale is made.
  private static let calibrationRows = 400_000

  /// Plans a sample; O(users + items).
  init(shape: SampleShape, philox: Philox, catalogue: Catalogue) {
    self.shape = shape
    self.philox = philox
    self.catalogue = catalogue
    activity = Activity(shape: shape, philox: philox)
    present = catalogue.members.map { !$0.isEmpty }
    scale = RatingScale(likings: calibration())
  }

  /// Consecutive ranges of listeners (0-based) with about `rows` rows each.
  func ranges(rows: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var sum = 0
    for (user, count) in activity.counts.enumerated() {
      sum += Int(count)
      if sum >= rows || user == activity.counts.count - 1 {
        ranges.append(start..<user + 1)
        start = user + 1
        sum = 0
      }
    }
    return ranges
  }

  /// The rows of the listeners `users` (0-based).
  func rows(of users: Range<Int>) -> RowBlock {
    var block = RowBlock()
    var encounters = Encounters(catalogue: catalogue, philox: philox)
    var artists: [UInt32] = []
    let rowCount = users.reduce(0) { $0 + Int(activity.counts[$1]) }
    block.text = [UInt8](unsafeUninitializedCapacity: rowCount * RowText.longestRow) { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return }
      var text = RowText(start)
      for user in users {
        append(user, to: &text, tally: &block.tally, encounters: &encounters, artists: &artists)
      }
      initializedCount = text.count
    }
    block.tally.rows = rowCount
    return block
  }

  /// The rows of the listeners `users` (0-based), as entries of a matrix.
  func arrays(of users: Range<Int>) -> RowArrays {
    var encounters = Encounters(catalogue: catalogue, philox: philox)
    var artists: [UInt32] = []
    var tally = RowBlock.Tally()
    var arrays = RowArrays(users: users, rows: users.reduce(0) { $0 + Int(activity.counts[$1]) })
    for user in users { append(user, to: &arrays, tally: &tally, encounters: &encounters, artists: &artists) }
    return arrays
  }

  private func append(
    _ user: Int, to text: inout some RowSink, tally: inout RowBlock.Tally, encounters: inout Encounters,
    artists: inout [UInt32]
  ) {
    let taste = Taste(user: user, present: present, philox: philox)
    var count = Int(activity.counts[user])
    let odd = oddRows(user: user, count: count)
    if let rating = odd.notApplicable {
      text.append(user: user + 1, item: Self.notApplicable.id, rating: rating)
      tally.notApplicable += 1
      count -= 1
    }
    if let rating = odd.unknownArtist {
      text.append(user: user + 1, item: Self.unknownArtist.id, rating: rating)
      tally.unknownArtist += 1
      count -= 1
    }
    encounters.draw(count, user: user, exposure: taste.exposure, into: &artists)
    let favourite = taste.favourites.count == 1 ? taste.favourites[0].index : -1
    var within = (rows: 0, sum: 0)
    var elsewhere = (rows: 0, sum: 0, genres: 0)
    let stream = RandomStream.stream(.rating, user)
    for artist in artists {
      let artist = Int(artist)
      let words = philox.block(UInt64(artist), stream: stream)
      let features = catalogue.artists[artist]
      let noise = Float(PortableMath.normalQuantile(RandomStream.uniform(words[0])))
      var rating = scale.rating(taste.liking(of: features, noise: noise))
      if Int(features.genre) == favourite {
        within = (within.rows + 1, within.sum + rating)
      } else {
        elsewhere = (elsewhere.rows + 1, elsewhere.sum + rating, elsewhere.genres | 1 << Int(features.genre))
      }
      let toss = RandomStream.uniform(words[1])
      if toss < Self.neverAgainAnywhere + (rating == 0 ? Self.neverAgainDisliked : 0) {
        rating = Self.neverAgain
        tally.neverAgain += 1
      }
      text.append(user: user + 1, item: Catalogue.firstID + artist, rating: rating)
    }
    // An example has enough rows for its taste to be learnt, but not so many that few good artists are left to recommend.
    if favourite >= 0, within.rows >= 20, elsewhere.rows >= 5, within.rows <= catalogue.members[favourite].count / 2,
      artists.count <= 300
    {
      let contrast = Double(within.sum) / Double(within.rows) - Double(elsewhere.sum) / Double(elsewhere.rows)
      let listener = SampleSummary.Listener(
        genre: taste.favourites[0], userID: user + 1, ratings: Int(activity.counts[user]))
      // A genre that was never met is one that a model may guess wrong: having met many is worth some contrast.
      let clarity = contrast + 2 * Double(elsewhere.genres.nonzeroBitCount)
      tally.offer(RowBlock.Example(listener: listener, clarity: clarity))
    }
  }

  /// The ratings that a listener gives the odd artists, if any; they have nothing to do with taste.
  private func oddRows(user: Int, count: Int) -> (notApplicable: Int?, unknownArtist: Int?) {
    let words = philox.block(0, stream: RandomStream.stream(.oddArtist, user))
    let chance = activity.oddChance * Double(count)
    let first =
      RandomStream.uniform(words[0]) < chance ? RatingScale.rating(quantile: RandomStream.uniform(words[1])) : nil
    // A listener with one row cannot have both.
    let second =
      RandomStream.uniform(words[2]) < chance && (count > 1 || first == nil)
      ? RatingScale.rating(quantile: RandomStream.uniform(words[3])) : nil
    return (first, second)
  }

  /// The likings of evenly spread listeners.
  private func calibration() -> [Float] {
    let step = max(1, shape.ratings / Self.calibrationRows)
    var encounters = Encounters(catalogue: catalogue, philox: philox)
    var artists: [UInt32] = []
    var likings: [Float] = []
    for user in stride(from: 0, to: shape.users, by: step) {
      let taste = Taste(user: user, present: present, philox: philox)
      encounters.draw(Int(activity.counts[user]), user: user, exposure: taste.exposure, into: &artists)
      let stream = RandomStream.stream(.rating, user)
      for artist in artists {
        let word = philox.block(UInt64(artist), stream: stream)[0]
        let noise = Float(PortableMath.normalQuantile(RandomStream.uniform(word)))
        likings.append(taste.liking(of: catalogue.artists[Int(artist)], noise: noise))
      }
    }
    return likings
  }
}
