import ALS

/// Draws the artists that a listener rates: in proportion to popularity within the genre times the listener's exposure to
/// the genre, none twice. Holds scratch space, so that each worker has its own.
struct Encounters {
  private let catalogue: Catalogue
  private let philox: Philox
  /// One bit per artist: drawn already by the listener at hand.
  private var drawn: [UInt64]
  private var keys: [UInt64] = []

  /// For the artists of `catalogue`.
  init(catalogue: Catalogue, philox: Philox) {
    self.catalogue = catalogue
    self.philox = philox
    drawn = [UInt64](repeating: 0, count: (catalogue.artists.count + 63) / 64)
  }

  /// Fills `artists` with `count` distinct artist indices, ascending, for listener `user`.
  mutating func draw(_ count: Int, user: Int, exposure: [Double], into artists: inout [UInt32]) {
    artists.removeAll(keepingCapacity: true)
    // Trial and error is fast while few artists are taken; for the busiest listeners one race of all artists is faster.
    // Both draw one after another in proportion to what is left (Efraimidis and Spirakis, 2006).
    if count <= catalogue.artists.count / 16 {
      drawByTrial(count, user: user, exposure: exposure, into: &artists)
    } else {
      drawByRace(count, user: user, exposure: exposure, into: &artists)
    }
    artists.sort()
  }

  private mutating func drawByTrial(_ count: Int, user: Int, exposure: [Double], into artists: inout [UInt32]) {
    let stream = RandomStream.stream(.choice, user)
    let bounds = Self.bounds(exposure)
    let popularity = catalogue.popularity
    var block: UInt64 = 0
    while artists.count < count {
      let words = philox.block(block, stream: stream)
      block += 1
      let above = SIMD16<UInt32>(repeating: 0).replacing(with: 1, where: bounds .<= min(words[0], .max - 1))
      let genre = Int(above.wrappedSum())
      let artist = popularity.draw(genre, words[1], words[2])
      let bit = UInt64(1) << UInt64(artist & 63)
      if drawn[Int(artist >> 6)] & bit == 0 {
        drawn[Int(artist >> 6)] |= bit
        artists.append(artist)
      }
    }
    for artist in artists { drawn[Int(artist >> 6)] = 0 }
  }

  /// Upper ends of the genres' ranges of 32-bit words; the last genre with artists takes the rest.
  private static func bounds(_ exposure: [Double]) -> SIMD16<UInt32> {
    let last = exposure.lastIndex { $0 > 0 } ?? 0
    var bounds = SIMD16<UInt32>(repeating: .max)
    var sum = 0.0
    for genre in 0..<last {
      sum += exposure[genre]
      bounds[genre] = UInt32(min(sum * 0x1p32, 0x1p32 - 1))
    }
    return bounds
  }

  private mutating func drawByRace(_ count: Int, user: Int, exposure: [Double], into artists: inout [UInt32]) {
    let stream = RandomStream.stream(.choice, user)
    keys.removeAll(keepingCapacity: true)
    for first in stride(from: 0, to: catalogue.artists.count, by: 4) {
      let words = philox.block(UInt64(first / 4), stream: stream)
      for artist in first..<min(first + 4, catalogue.artists.count) {
        let weight = Double(catalogue.chance[artist]) * exposure[Int(catalogue.artists[artist].genre)]
        let arrival = Float(-PortableMath.log(RandomStream.uniform(words[artist - first])) / weight)
        // Positive floating-point numbers are ordered as their bits are.
        keys.append(UInt64(arrival.bitPattern) << 32 | UInt64(artist))
      }
    }
    keys.sort()
    for key in keys.prefix(count) { artists.append(UInt32(truncatingIfNeeded: key)) }
  }
}
