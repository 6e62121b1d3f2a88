import ALS

/// The normal equations of one row, A x = b, with the factors of the other side fixed:
///
/// - explicit: A = Σ y yᵀ + λ n^ν I, b = Σ r y
/// - implicit: A = YᵀY + Σ α|r| y yᵀ + λ n₊^ν I, b = Σ_{r>0} (1 + α|r|) y
///
/// With biases, every y has a 1 behind its factors, whose coefficient is the row's bias, and r stands for r − μ − b of the column.
package struct NormalEquations {
  package var matrix: SymmetricMatrix
  package var rightSide: [Double]

  /// Accumulates the equations of `row`.
  ///
  /// - Parameters:
  ///   - gramian: YᵀY of `fixed`, in implicit training.
  ///   - biases: mean and biases of the columns, where biases are trained.
  package init(
    row: Int, of ratings: CSRMatrix, fixed: FactorMatrix, feedback: Feedback, regularization: Float,
    gramian: SymmetricMatrix?, biases: (mean: Float, ofColumns: [Float])? = nil
  ) {
    let order = fixed.rank + (biases == nil ? 0 : 1)
    matrix = gramian ?? SymmetricMatrix(order: order)
    rightSide = [Double](repeating: 0, count: order)
    for entry in ratings.entries(ofRow: row) {
      let column = Int(ratings.columnIndices[entry])
      var y = fixed[column].map(Double.init)
      var rating = Double(ratings.values[entry])
      if let biases {
        y.append(1)
        rating -= Double(biases.mean) + Double(biases.ofColumns[column])
      }
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
