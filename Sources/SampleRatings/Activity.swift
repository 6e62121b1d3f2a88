import ALS

/// How many rows each listener has: log-normal, at least one each, and exactly the wanted total.
struct Activity: Sendable {
  /// Rows per listener.
  let counts: [UInt32]
  /// The chance of one odd artist id in a listener's rows is this times the number of rows (at most 1).
  let oddChance: Double

  /// Standard deviation of the logarithm of a listener's activity, as in Yahoo! Music.
  static let sigma = 1.3
  /// The share of rows of each of the two odd artist ids.
  static let oddShare = 0.0005

  /// Makes the plan for a shape; O(users).
  init(shape: SampleShape, philox: Philox) {
    let users = shape.users
    let weights = [Double](unsafeUninitializedCapacity: users) { buffer, count in
      // Each call fills a range of its own.
      nonisolated(unsafe) let buffer = buffer
      Parallel.performRanges(users, grain: 1 << 16) { range in
        for user in range {
          var random = RandomStream(philox, .activity, user)
          buffer.initializeElement(at: user, to: PortableMath.exp(Self.sigma * random.normal()))
        }
      }
      count = users
    }
    // Rows beyond the first. Whoever would exceed the limit is held at it, and the others' scale grows to make up for that.
    let limit = Double(shape.largestRow - 1)
    let total = Double(shape.ratings - users)
    var scale = total / weights.reduce(0, +)
    for _ in 0..<60 {
      var held = 0.0
      var free = 0.0
      for weight in weights {
        if weight * scale >= limit { held += limit } else { free += weight }
      }
      guard free > 0 else { break }
      let next = (total - held) / free
      if next <= scale * (1 + 1e-12) { break }
      scale = next
    }
    counts = Self.rounded(weights, scale: scale, limit: shape.largestRow - 1, total: shape.ratings - users)
    oddChance = Self.chance(counts, wanted: Self.oddShare * Double(shape.ratings))
  }

  /// Whole numbers near `weights` × `scale`, none above `limit`, each plus one, whose sum is `total` plus their number.
  private static func rounded(_ weights: [Double], scale: Double, limit: Int, total: Int) -> [UInt32] {
    var counts = [UInt32](repeating: 1, count: weights.count)
    var exact = 0.0
    var given = 0
    for user in counts.indices {
      exact += min(weights[user] * scale, Double(limit))
      // Rounding the running sum, not each number, keeps the total; it can pass the limit by one only.
      let more = max(0, min(Int(exact) - given, limit, total - given))
      counts[user] += UInt32(more)
      given += more
    }
    var user = 0
    while given < total {
      let room = limit + 1 - Int(counts[user])
      // A few at a time: this is the dust of rounding, and it should not all fall on one listener.
      let more = min(room, total - given, 1 + (total - given) / counts.count)
      counts[user] += UInt32(more)
      given += more
      user = (user + 1) % counts.count
    }
    return counts
  }

  /// The chance per row that gives `wanted` odd rows, where nobody can have more than one of an id.
  private static func chance(_ counts: [UInt32], wanted: Double) -> Double {
    var low = 0.0
    var high = 1.0
    for _ in 0..<40 {
      let middle = (low + high) / 2
      let expected = counts.reduce(0.0) { $0 + min(1, middle * Double($1)) }
      if expected < wanted { low = middle } else { high = middle }
    }
    return high
  }
}
