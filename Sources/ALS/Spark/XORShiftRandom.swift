/// Spark's random generator, `org.apache.spark.util.random.XORShiftRandom`: the xorshift of Marsaglia ("Xorshift RNGs", Journal of
/// Statistical Software 8/14, 2003) behind the interface of `java.util.Random`, number for number.
package struct XORShiftRandom {
  private var state: UInt64
  /// The second Gaussian of the last pair, if it has not been handed out.
  private var spareGaussian: Double?

  /// Begins where `new XORShiftRandom(seed)` does.
  package init(seed: Int64) {
    // Seeds with few bits set would be followed by long runs of such states, so Spark hashes them.
    let low = Self.hash(seed, seed: 0x3C07_4A61)
    let high = Self.hash(seed, seed: low)
    state = UInt64(high) << 32 | UInt64(low)
  }

  /// `next(bits)`: Spark hands out the low bits of the state, where `java.util.Random` hands out high ones.
  private mutating func next(bits: Int) -> UInt64 {
    state ^= state << 21
    state ^= state >> 35
    state ^= state << 4
    return state & (1 << UInt64(bits) - 1)
  }

  /// `nextLong()`: two signed words of 32 bits, the first one in the high half.
  package mutating func nextInt64() -> Int64 {
    let high = Int64(Int32(truncatingIfNeeded: next(bits: 32)))
    let low = Int64(Int32(truncatingIfNeeded: next(bits: 32)))
    return (high << 32) &+ low
  }

  /// `nextDouble()`: uniform in [0, 1), of 53 bits.
  package mutating func nextDouble() -> Double {
    let high = next(bits: 26)
    let low = next(bits: 27)
    return Double(high << 27 + low) * 0x1p-53
  }

  /// `nextGaussian()`: Marsaglia's polar method, in pairs.
  package mutating func nextGaussian() -> Double {
    if let spare = spareGaussian {
      spareGaussian = nil
      return spare
    }
    while true {
      let x = 2 * nextDouble() - 1
      let y = 2 * nextDouble() - 1
      let square = x * x + y * y
      guard square < 1, square != 0 else { continue }
      let scale = (-2 * StrictLogarithm.of(square) / square).squareRoot()
      spareGaussian = y * scale
      return x * scale
    }
  }

  /// MurmurHash3 (x86, 32 bits) of the eight bytes of a number, the highest first, as Scala's `MurmurHash3.bytesHash`.
  private static func hash(_ value: Int64, seed: UInt32) -> UInt32 {
    // Bytes that stand highest first are read in words lowest first.
    let bytes = UInt64(bitPattern: value).byteSwapped
    var hash = seed
    for word in [UInt32(truncatingIfNeeded: bytes), UInt32(truncatingIfNeeded: bytes >> 32)] {
      hash ^= rotated(word &* 0xCC9E_2D51, by: 15) &* 0x1B87_3593
      hash = rotated(hash, by: 13) &* 5 &+ 0xE654_6B64
    }
    hash ^= 8
    hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
    hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
    return hash ^ hash >> 16
  }

  private static func rotated(_ word: UInt32, by bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }
}
