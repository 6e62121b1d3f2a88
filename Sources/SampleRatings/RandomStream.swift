import ALS

/// A sequence of random numbers for one purpose and one subject (an artist, a listener), drawn from Philox: it depends on
/// (seed, purpose, subject) alone, never on what other threads do.
struct RandomStream {
  /// What a sequence is for: two purposes never share numbers.
  enum Purpose: UInt64 {
    case permutation, artist, name, activity, taste, choice, rating, oddArtist
  }

  private let philox: Philox
  private let stream: UInt64
  private var nextBlock: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  /// The sequence of `purpose` for the subject numbered `subject`.
  init(_ philox: Philox, _ purpose: Purpose, _ subject: Int) {
    self.philox = philox
    stream = Self.stream(purpose, subject)
  }

  /// The Philox stream number of a purpose and a subject.
  static func stream(_ purpose: Purpose, _ subject: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: subject) << 8 | purpose.rawValue
  }

  /// The next 32 uniform bits.
  mutating func word() -> UInt32 {
    if used == 4 {
      words = philox.block(nextBlock, stream: stream)
      nextBlock += 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// Uniform in the open interval (0, 1).
  mutating func uniform() -> Double { Self.uniform(word()) }

  /// Standard normal.
  mutating func normal() -> Double { PortableMath.normalQuantile(uniform()) }

  /// A whole number in `0 ..< bound`; the bias is below bound / 2³².
  mutating func below(_ bound: Int) -> Int { Int((UInt64(word()) * UInt64(bound)) >> 32) }

  /// An index drawn in proportion to `weights`, which are not all zero.
  mutating func index(weights: [Double]) -> Int {
    var rest = uniform() * weights.reduce(0, +)
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }

  /// 32 bits as a number in the open interval (0, 1).
  static func uniform(_ word: UInt32) -> Double { (Double(word) + 0.5) * 0x1p-32 }
}
