/// The natural logarithm as Java's `StrictMath.log` defines it: that of fdlibm (Sun Microsystems 1993), bit for bit.
///
/// The C library's logarithm is as exact, but its last bit may be another one, and Spark's random numbers go through this one.
enum StrictLogarithm {
  /// ln 2 in two parts: the first has zeros in its last bits, so that whole multiples of it are exact.
  private static let ln2 = (
    high: Double(bitPattern: 0x3FE6_2E42_FEE0_0000), low: Double(bitPattern: 0x3DEA_39EF_3579_3C76)
  )

  /// Coefficients L1 … L7 of the polynomial R(z) ≈ (ln(1 + f) − 2s) / s, with s = f / (2 + f) and z = s².
  private static let coefficients = (
    Double(bitPattern: 0x3FE5_5555_5555_5593), Double(bitPattern: 0x3FD9_9999_9997_FA04),
    Double(bitPattern: 0x3FD2_4924_9422_9359), Double(bitPattern: 0x3FCC_71C5_1D8E_78AF),
    Double(bitPattern: 0x3FC7_4664_96CB_03DE), Double(bitPattern: 0x3FC3_9A09_D078_C69F),
    Double(bitPattern: 0x3FC2_F112_DF3E_5244)
  )

  /// ln x.
  ///
  /// - Precondition: `x` is a positive normal number: the generator asks for no other.
  static func of(_ x: Double) -> Double {
    precondition(x.isNormal && x > 0)
    // x = 2^k (1 + f) with 1 + f between about √½ and √2. Where to halve is decided by the highest 20 bits of the fraction.
    let bits = x.bitPattern
    let fraction = Int(bits >> 32 & 0xF_FFFF)
    let isHalved = fraction >= 0x6_A09C
    let k = Double(Int(bits >> 52) - 1023 + (isHalved ? 1 : 0))
    let f = Double(bitPattern: bits & 0xF_FFFF_FFFF_FFFF | (isHalved ? 0x3FE : 0x3FF) << 52) - 1

    if (fraction + 2) & 0xF_FFFF < 3 {
      // |f| < 2⁻²⁰: three terms of the series are exact enough.
      if f == 0 { return k == 0 ? 0 : k * ln2.high + k * ln2.low }
      let rest = f * f * (0.5 - 0.33333333333333333 * f)
      return k == 0 ? f - rest : k * ln2.high - ((rest - k * ln2.low) - f)
    }
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let c = coefficients
    let odd = w * (c.1 + w * (c.3 + w * c.5))
    let even = z * (c.0 + w * (c.2 + w * (c.4 + w * c.6)))
    let polynomial = even + odd
    // Near the ends of the range f²/2 is set apart, which loses fewer bits.
    if (fraction - 0x6_147A) | (0x6_B851 - fraction) > 0 {
      let half = 0.5 * f * f
      return k == 0
        ? f - (half - s * (half + polynomial))
        : k * ln2.high - ((half - (s * (half + polynomial) + k * ln2.low)) - f)
    }
    return k == 0 ? f - s * (f - polynomial) : k * ln2.high - ((s * (f - polynomial) - k * ln2.low) - f)
  }
}
