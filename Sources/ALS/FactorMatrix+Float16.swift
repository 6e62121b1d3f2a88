extension FactorMatrix {
  /// Every factor rounded to the nearest IEEE 754 binary16 number, ties to even; beyond ±65,504, infinite.
  package func roundedToFloat16() -> FactorMatrix {
    FactorMatrix(rank: rank, values: values.map { Float(Float16($0)) })
  }
}
