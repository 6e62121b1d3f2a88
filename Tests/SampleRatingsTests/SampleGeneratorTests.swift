import SampleRatings
import Synchronization
import Testing

@Suite struct `the generated ratings` {
  @Test func `the same seed gives the same bytes`() throws {
    let first = try GeneratedSample.tiny.get()
    let second = try GeneratedSample(SamplePreset.tiny.shape)
    #expect(first.ratingsBytes == second.ratingsBytes)
    #expect(first.artistsBytes == second.artistsBytes)
    #expect(first.summary.listeners == second.summary.listeners)
  }

  @Test func `another seed gives other ratings and other names`() throws {
    let first = try GeneratedSample.tiny.get()
    let other = try GeneratedSample(SamplePreset.tiny.shape, seed: 43)
    #expect(first.ratingsBytes != other.ratingsBytes)
    #expect(first.artistsBytes != other.artistsBytes)
  }

  @Test func `the bytes of the tiny preset do not change from version to version unnoticed`() throws {
    let sample = try GeneratedSample.tiny.get()
    #expect(fingerprint(sample.ratingsBytes) == 14_909_632_092_401_166_826)
    #expect(fingerprint(sample.artistsBytes) == 5_577_169_065_496_685_360)
  }

  /// FNV-1a.
  private func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  @Test(arguments: [(1, 1, 1), (1, 2, 1), (7, 3, 7), (20, 20, 200), (5_000, 30, 60_000), (300, 5_000, 300)])
  func `counts are exact for odd shapes too`(users: Int, items: Int, ratings: Int) throws {
    let sample = try GeneratedSample(SampleShape(users: users, items: items, ratings: ratings))
    #expect(sample.rows.count == ratings)
    #expect(sample.names.count == items + 2)
    #expect(Set(sample.rows.map(\.user)) == Set(1...users))
    #expect(Set(sample.rows.map { $0.user << 32 + $0.item }).count == ratings)
  }

  @Test func `counts are exact and ids in range`() throws {
    let sample = try GeneratedSample.medium.get()
    let shape = sample.summary.shape
    #expect(sample.rows.count == shape.ratings)
    #expect(sample.summary.ratingsBytes == sample.ratingsBytes.count)
    #expect(sample.summary.artistsBytes == sample.artistsBytes.count)
    #expect(Set(sample.rows.map(\.user)) == Set(1...shape.users))
    #expect(
      sample.rows.allSatisfy { row in
        (1_000_001...1_000_000 + shape.items).contains(row.item) || row.item == -100 || row.item == -99
      })
    #expect(sample.rows.allSatisfy { row in (0...100).contains(row.rating) || row.rating == 255 })
  }

  @Test func `rows ascend by user and artist, without repeats`() throws {
    let sample = try GeneratedSample.medium.get()
    let ascending = zip(sample.rows, sample.rows.dropFirst()).allSatisfy { ($0.user, $0.item) < ($1.user, $1.item) }
    #expect(ascending)
  }

  @Test func `ratings spike at 0, 90 and 100, and less at the other tens`() throws {
    let sample = try GeneratedSample.medium.get()
    #expect((0.10...0.20).contains(sample.share { $0.rating == 0 }))
    #expect((0.15...0.23).contains(sample.share { $0.rating == 90 }))
    #expect((0.24...0.36).contains(sample.share { $0.rating == 100 }))
    #expect(sample.share { $0.rating == 50 } > 0.04)
    #expect(sample.share { $0.rating == 37 } < 0.005)
  }

  @Test func `255 and the two odd artists are a sprinkle`() throws {
    let sample = try GeneratedSample.medium.get()
    let summary = sample.summary
    let total = Double(summary.shape.ratings)
    for count in [summary.neverAgainCount, summary.notApplicableCount, summary.unknownArtistCount] {
      #expect((0.0003...0.0007).contains(Double(count) / total))
    }
    #expect(sample.rows.count { $0.rating == 255 } == summary.neverAgainCount)
    #expect(sample.rows.count { $0.item == -100 } == summary.notApplicableCount)
    #expect(sample.rows.count { $0.item == -99 } == summary.unknownArtistCount)
  }

  @Test func `popularity is skewed but not absurdly`() throws {
    let sample = try GeneratedSample.medium.get()
    let counts = sample.counts(by: \.item).filter { $0.key > 0 }.values.sorted(by: >)
    let tenth = sample.summary.shape.items / 10
    let share = Double(counts.prefix(tenth).reduce(0, +)) / Double(sample.rows.count)
    #expect((0.25...0.60).contains(share))
    #expect(counts[0] > 5 * counts[counts.count / 2])
  }

  @Test func `activity is log-normal`() throws {
    let sample = try GeneratedSample.medium.get()
    let counts = sample.counts(by: \.user).values.sorted()
    let median = counts[counts.count / 2]
    // Mean over median is exp(σ²/2) = 2.3 for σ = 1.3; the 84th percentile over the median is exp(σ) = 3.7.
    #expect((1.8...2.9).contains(60 / Double(median)))
    #expect((2.8...4.6).contains(Double(counts[counts.count * 84 / 100]) / Double(median)))
    #expect(counts[0] >= 1)
  }

  @Test func `example listeners rate their genre high and the rest low`() throws {
    let sample = try GeneratedSample.medium.get()
    #expect(sample.summary.listeners.count >= 14)
    for listener in sample.summary.listeners {
      let rows = sample.rows.filter { $0.user == listener.userID && $0.rating <= 100 && $0.item > 0 }
      let within = rows.filter { SampleGenre.genre(ofName: sample.names[$0.item] ?? "") == listener.genre }
      let elsewhere = rows.filter { SampleGenre.genre(ofName: sample.names[$0.item] ?? "") != listener.genre }
      #expect(within.count >= 19)
      #expect(within.reduce(0) { $0 + $1.rating } / within.count > 75)
      #expect(elsewhere.reduce(0) { $0 + $1.rating } / elsewhere.count < 40)
      #expect(sample.summary.exampleListener(genre: listener.genre) == listener.userID)
    }
  }

  @Test func `everyone's high ratings gather in one to three genres`() throws {
    let sample = try GeneratedSample.medium.get()
    let genres = sample.names.compactMapValues { SampleGenre.genre(ofName: $0) }
    var high: [Int: [SampleGenre: Int]] = [:]
    for row in sample.rows where (90...100).contains(row.rating) {
      if let genre = genres[row.item] { high[row.user, default: [:]][genre, default: 0] += 1 }
    }
    let shares = high.values.filter { $0.values.reduce(0, +) >= 20 }.map { genres in
      Double(genres.values.sorted(by: >).prefix(3).reduce(0, +)) / Double(genres.values.reduce(0, +))
    }
    #expect(shares.count > 500)
    #expect(shares.reduce(0, +) / Double(shares.count) > 0.9)
  }

  @Test func `progress rises to the total`() throws {
    let directory = TemporaryDirectory()
    let calls = Mutex<[Int]>([])
    let shape = try SampleShape(users: 2_000, items: 1_000, ratings: 450_000)
    _ = try SampleGenerator(shape: shape).write(to: directory.path) { rows, total in
      calls.withLock { $0.append(rows) }
      #expect(total == 450_000)
    }
    let rows = calls.withLock { $0 }
    #expect(rows == rows.sorted())
    #expect(rows.last == 450_000)
  }
}
