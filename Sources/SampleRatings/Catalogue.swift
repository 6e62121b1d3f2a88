import ALS

/// All artists of a sample: genres, qualities, popularity. Artist a has the id 1000001 + a.
struct Catalogue: Sendable {
  /// What makes listeners like an artist or not.
  struct Artist: Sendable {
    /// Index of the genre that the name tells.
    var genre: UInt8
    /// Index of a second genre that the music leans to, or of `genre` again.
    var second: UInt8
    /// How good everyone finds it; about standard normal, a little higher for popular artists.
    var quality: Float
    /// Place on three axes (say: old to new, calm to wild, smooth to rough) that cut across the genres.
    var character: SIMD4<Float>
  }

  /// By artist index.
  let artists: [Artist]
  /// Chance of being drawn within the genre, before any of it is taken; by artist index.
  let chance: [Float]
  /// By genre index: its artists, most popular first.
  let members: [[UInt32]]
  /// By genre index: draws one of its artists in proportion to popularity.
  let popularity: AliasTable

  /// The id of artist 0.
  static let firstID = 1_000_001
  /// The share of artists that lean to a second genre.
  private static let secondShare = 0.2

  /// Popularity falls as 1 / (rank + shift)^exponent.
  static let popularityExponent = 1.1
  static let popularityShift = 50.0

  /// Makes the artists; O(items).
  init(items: Int, philox: Philox) {
    let order = Self.permutation(items, philox)
    let genreOfRank = Self.genres(ofRanks: items)
    var artists = [Artist](
      repeating: Artist(genre: 0, second: 0, quality: 0, character: .zero), count: items)
    var chance = [Float](repeating: 0, count: items)
    var members = [[UInt32]](repeating: [], count: SampleGenre.allCases.count)
    var weights = [[Double]](repeating: [], count: SampleGenre.allCases.count)
    for rank in 0..<items {
      let artist = Int(order[rank])
      let genre = SampleGenre.allCases[Int(genreOfRank[rank])]
      var random = RandomStream(philox, .artist, artist)
      let leans = random.uniform() < Self.secondShare
      let relative = genre.relatives[random.below(genre.relatives.count)]
      artists[artist] = Artist(
        genre: UInt8(genre.index), second: UInt8(leans ? relative.index : genre.index),
        quality: Float(0.9 * random.normal() + 0.8 * (0.5 - Double(rank) / Double(items))),
        character: SIMD4(Float(random.normal()), Float(random.normal()), Float(random.normal()), 0))
      members[genre.index].append(UInt32(artist))
      weights[genre.index].append(PortableMath.pow(Double(rank) + Self.popularityShift, -Self.popularityExponent))
    }
    var popularity = AliasTable()
    for genre in members.indices {
      popularity.append(members[genre], weights: weights[genre])
      let total = weights[genre].reduce(0, +)
      for (artist, weight) in zip(members[genre], weights[genre]) { chance[Int(artist)] = Float(weight / total) }
    }
    self.artists = artists
    self.chance = chance
    self.members = members
    self.popularity = popularity
  }

  /// Popularity ranks in artist order would put the stars first in every file; this scatters them.
  private static func permutation(_ count: Int, _ philox: Philox) -> [UInt32] {
    var random = RandomStream(philox, .permutation, 0)
    var order = (0..<UInt32(count)).map { $0 }
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, random.below(last + 1)) }
    return order
  }

  /// The genre of each popularity rank: at every rank the genres have their shares, so that each has its stars.
  private static func genres(ofRanks count: Int) -> [UInt8] {
    let shares = SampleGenre.allCases.map { $0.share / 100 }
    var owed = [Double](repeating: 0, count: shares.count)
    return (0..<count).map { _ in
      var next = 0
      for genre in shares.indices {
        owed[genre] += shares[genre]
        if owed[genre] > owed[next] { next = genre }
      }
      owed[next] -= 1
      return UInt8(next)
    }
  }

  /// The names by artist index, all distinct; each tells its artist's genre.
  func names(philox: Philox) -> [String] {
    var names = [String](repeating: "", count: artists.count)
    var taken = Set<String>(minimumCapacity: artists.count)
    for genre in SampleGenre.allCases {
      var source = NameSource(genre: genre, philox: philox)
      for artist in members[genre.index] {
        var name = source.next()
        while !taken.insert(name).inserted { name = source.next() }
        names[Int(artist)] = name
      }
    }
    return names
  }
}
