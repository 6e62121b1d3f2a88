import ALS

/// What one listener likes: a low-rank taste (one number per genre, three for an artist's character, one for quality and
/// one for generosity) and, following from it, where the listener comes across artists.
struct Taste: Sendable {
  /// One to three genres, the dearest first.
  let favourites: [SampleGenre]
  /// How much each genre is liked: about 1 for favourites, 0.3 for their relatives, 0 for the rest.
  let affinity: [Float]
  /// The share of each genre in what the listener comes across; 0 for genres without artists.
  let exposure: [Double]
  /// Likes and dislikes on the axes of `Artist.character`.
  let character: SIMD4<Float>
  /// How high the listener rates overall.
  let generosity: Float

  /// Shares of listeners with one and with two favourites; the others have three.
  private static let oneFavourite = 0.5
  private static let twoFavourites = 0.32

  /// The taste of listener `user` (0-based), for a catalogue in which the genres that `present` holds have artists.
  init(user: Int, present: [Bool], philox: Philox) {
    var random = RandomStream(philox, .taste, user)
    let genres = SampleGenre.allCases
    let shares = genres.map { present[$0.index] ? $0.share : 0 }

    let toss = random.uniform()
    let wanted = toss < Self.oneFavourite ? 1 : toss < Self.oneFavourite + Self.twoFavourites ? 2 : 3
    var favourites = [genres[random.index(weights: shares)]]
    while favourites.count < wanted {
      // A second favourite is more often a relative of the first than not.
      let nearby = random.uniform() < 0.6
      let weights = genres.map { genre in
        favourites.contains(genre) || (nearby && !favourites[0].relatives.contains(genre)) ? 0 : shares[genre.index]
      }
      if weights.contains(where: { $0 > 0 }) {
        favourites.append(genres[random.index(weights: weights)])
      } else if !nearby {
        break
      }
    }
    self.favourites = favourites

    let loyalty = 0.6 + 0.2 * random.uniform()
    let split = [[1], [0.6, 0.4], [0.5, 0.3, 0.2]][favourites.count - 1]
    let relatives = genres.map { genre in
      favourites[0].relatives.contains(genre) && !favourites.contains(genre) ? shares[genre.index] : 0
    }
    let relativesTotal = relatives.reduce(0, +)
    let sharesTotal = shares.reduce(0, +)
    let nearShare = relativesTotal > 0 ? 0.25 * (1 - loyalty) : 0
    exposure = genres.map { genre in
      var share = (1 - loyalty - nearShare) * shares[genre.index] / sharesTotal
      if relativesTotal > 0 { share += nearShare * relatives[genre.index] / relativesTotal }
      if let place = favourites.firstIndex(of: genre) { share += loyalty * split[place] }
      return share
    }
    affinity = genres.map { genre in
      let noise = random.normal()
      if let place = favourites.firstIndex(of: genre) { return Float([1, 0.95, 0.9][place] + 0.04 * noise) }
      return Float(favourites[0].relatives.contains(genre) ? 0.3 + 0.06 * noise : 0.05 + 0.06 * noise)
    }
    character = SIMD4(Float(random.normal()), Float(random.normal()), Float(random.normal()), 0)
    generosity = Float(random.normal())
  }

  /// How much the listener likes an artist, apart from the mood of the day; `noise` is that mood, standard normal.
  func liking(of artist: Catalogue.Artist, noise: Float) -> Float {
    let genre = 0.8 * affinity[Int(artist.genre)] + 0.2 * affinity[Int(artist.second)]
    let character = (character * artist.character).sum()
    return 3.2 * genre + 0.16 * character + 0.2 * artist.quality + 0.15 * generosity + 0.12 * noise
  }
}
