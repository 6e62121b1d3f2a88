import ALS

/// The normal equations of one row, A x = b, with the factors of the other side fixed:
///
/// - explicit: A = Σ y yᵀ + λ n^ν I, b = Σ r y
/// - implicit: A = YᵀY + Σ α|r| y yᵀ + λ n₊^ν I, b = Σ_{r>0} (1 + α|r|) y
package struct NormalEquations {
  package var matrix: SymmetricMatrix
  package var rightSide: [Double]

  /// Accumulates the equations of `row`.
  ///
  /// - Parameter gramian: YᵀY of `fixed`, in implicit training.
  package init(
    row: Int, of ratings: CSRMatrix, fixed: FactorMatrix, feedback: Feedback, regularization: Float,
    gramian: SymmetricMatrix?
  ) {
    matrix = gramian ?? SymmetricMatrix(order: fixed.rank)
    rightSide = [Double](repeating: 0, count: fixed.rank)
    for entry in ratings.entries(ofRow: row) {
      let y = fixed[Int(ratings.columnIndices[entry])].map(Double.init)
      let rating = Double(ratings.values[entry])
      matrix.add(weight: feedback.gramianWeight(of: rating), outerProductOf: y)
      let weight = feedback.rightSideWeight(of: rating)
      for k in y.indices { rightSide[k] += weight * y[k] }
    }
    matrix.addToDiagonal(Double(regularization))
  }

  /// The row's factors, or `nil` if A is singular. Without anything on the right side the solution is zero, whatever A.
  package consuming func solution() -> [Double]? {
    if rightSide.allSatisfy({ $0 == 0 }) { return rightSide }
    var x = rightSide
    return matrix.solveInPlace(&x) ? x : nil
  }
}
