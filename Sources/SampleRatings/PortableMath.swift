/// Elementary functions made of exactly rounded operations alone, so that a seed gives the same bytes whatever C library
/// the program was linked with.
enum PortableMath {
  /// e to the power `x`, for |x| below 700; a few units in the last place.
  static func exp(_ x: Double) -> Double {
    let k = (x * 1.442_695_040_888_963_4).rounded()
    let r = (x - k * 0.693_147_180_369_123_8) - k * 1.908_214_929_270_587_7e-10
    var sum = 1.0
    for n in (1...14).reversed() { sum = 1 + sum * r / Double(n) }
    return Double(sign: .plus, exponent: Int(k), significand: sum)
  }

  /// The natural logarithm of a positive, normal `x`; a few units in the last place.
  static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.414_213_562_373_095_1 {
      m /= 2
      exponent += 1
    }
    let s = (m - 1) / (m + 1)
    let s2 = s * s
    // 1 + s²/3 + s⁴/5 + …; |s| is at most 0.172.
    let high = (((s2 / 21 + 1 / 19) * s2 + 1 / 17) * s2 + 1 / 15) * s2 + 1 / 13
    let low = (((high * s2 + 1 / 11) * s2 + 1 / 9) * s2 + 1 / 7) * s2 + 1 / 5
    let sum = (low * s2 + 1 / 3) * s2 + 1
    return exponent * 0.693_147_180_559_945_3 + 2 * s * sum
  }

  /// `x` to the power `y`, for positive `x`.
  static func pow(_ x: Double, _ y: Double) -> Double { exp(y * log(x)) }

  /// The standard normal quantile of a probability strictly between 0 and 1 (Acklam's rational fit, relative error 1.2e-9).
  static func normalQuantile(_ p: Double) -> Double {
    if p < 0.02425 { return tail((-2 * log(p)).squareRoot()) }
    if p > 1 - 0.02425 { return -tail((-2 * log(1 - p)).squareRoot()) }
    let q = p - 0.5
    let r = q * q
    let a =
      ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
        - 30.66479806614716) * r + 2.506628277459239
    let b =
      ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
        - 13.28068155288572) * r + 1
    return q * a / b
  }

  private static func tail(_ q: Double) -> Double {
    let c =
      ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
        + 4.374664141464968) * q + 2.938163982698783
    let d = (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1
    return c / d
  }
}
