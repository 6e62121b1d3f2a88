import ALS

extension FactorMatrix {
  /// ‖self − reference‖ / ‖reference‖ in the Frobenius norm, in 64-bit arithmetic.
  public func relativeError(to reference: FactorMatrix) -> Double {
    var difference = 0.0
    var norm = 0.0
    for (a, b) in zip(values, reference.values) {
      difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
      norm += Double(b) * Double(b)
    }
    return (difference / norm).squareRoot()
  }

  /// A matrix of values within −1 ..< 1, a function of the seed.
  public static func random(rows: Int, rank: Int, seed: UInt64) -> FactorMatrix {
    let philox = Philox(seed: seed)
    return FactorMatrix(
      rank: rank,
      values: (0..<rows * rank).map { Float(Double(philox.block(UInt64($0), stream: 7)[0]) * 0x1p-31 - 1) })
  }
}
