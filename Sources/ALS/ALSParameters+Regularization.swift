#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ALSParameters {
  /// λ·n^ν of a row with n ratings that count; one rounding to 32 bits.
  package func rowRegularization(ratingCount: Int) -> Float {
    let n = Double(ratingCount)
    let power =
      switch regularizationExponent {
      case 1: n
      case 0: 1.0
      case let exponent: n == 0 ? 0 : pow(n, exponent)
      }
    return Float(regularization * power)
  }
}
