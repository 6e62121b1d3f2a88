import ALS

/// A symmetric matrix of 64-bit floats. Only the lower triangle, row by row, is stored and read.
package struct SymmetricMatrix: Sendable {
  /// Number of rows and columns.
  package let order: Int
  package var elements: [Double]

  /// A matrix of zeros.
  package init(order: Int) {
    self.order = order
    elements = [Double](repeating: 0, count: order * order)
  }

  /// YᵀY, added up row by row; O(rows · rank²).
  package init(gramianOf factors: FactorMatrix) {
    self.init(order: factors.rank)
    for row in 0..<factors.rowCount { add(weight: 1, outerProductOf: factors[row].map(Double.init)) }
  }

  /// The matrix whose lower triangle is that of a square matrix.
  package init(lowerTriangleOf square: FactorMatrix) {
    order = square.rank
    elements = square.values.map(Double.init)
  }

  /// The element at row i, column j ≤ i.
  package subscript(i: Int, j: Int) -> Double {
    get { elements[i * order + j] }
    set { elements[i * order + j] = newValue }
  }

  /// A += weight · y yᵀ.
  package mutating func add(weight: Double, outerProductOf y: [Double]) {
    let order = order
    elements.withUnsafeMutableBufferPointer { a in
      y.withUnsafeBufferPointer { y in
        for i in 0..<order {
          let scaled = weight * y[i]
          for j in 0...i { a[i * order + j] += scaled * y[j] }
        }
      }
    }
  }

  /// A += value · I.
  package mutating func addToDiagonal(_ value: Double) {
    for i in 0..<order { self[i, i] += value }
  }

  /// A y.
  package func product(with y: [Double]) -> [Double] {
    var product = [Double](repeating: 0, count: order)
    for i in 0..<order {
      for j in 0..<i {
        product[i] += self[i, j] * y[j]
        product[j] += self[i, j] * y[i]
      }
      product[i] += self[i, i] * y[i]
    }
    return product
  }

  /// yᵀ A y.
  package func quadraticForm(_ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<order {
      var row = 0.5 * self[i, i] * y[i]
      for j in 0..<i { row += self[i, j] * y[j] }
      sum += 2 * row * y[i]
    }
    return sum
  }

  /// Factors A = L Lᵀ in place and replaces b by the solution of A x = b; f³/3 + 2f² operations.
  ///
  /// - Returns: false if ``factorInPlace()`` finds A singular.
  package mutating func solveInPlace(_ b: inout [Double]) -> Bool {
    guard factorInPlace() else { return false }
    solveFactored(&b)
    return true
  }

  /// Factors A = L Lᵀ in place (Cholesky–Banachiewicz); f³/3 operations.
  ///
  /// - Returns: false if a pivot is not above 1e-10 of its diagonal element, where rounding noise begins to reach it: A is
  ///   singular or not positive definite.
  package mutating func factorInPlace() -> Bool {
    let order = order
    let tolerance = 1e-10
    return elements.withUnsafeMutableBufferPointer { a in
      for i in 0..<order {
        let diagonal = a[i * order + i]
        for j in 0...i {
          var sum = a[i * order + j]
          for k in 0..<j { sum -= a[i * order + k] * a[j * order + k] }
          if j < i {
            a[i * order + j] = sum / a[j * order + j]
          } else {
            guard sum > tolerance * diagonal else { return false }
            a[i * order + i] = sum.squareRoot()
          }
        }
      }
      return true
    }
  }

  /// Replaces b by the solution of L Lᵀ x = b, where ``factorInPlace()`` has left L; 2f² operations.
  package func solveFactored(_ b: inout [Double]) {
    let order = order
    elements.withUnsafeBufferPointer { a in
      for i in 0..<order {  // L z = b
        var sum = b[i]
        for k in 0..<i { sum -= a[i * order + k] * b[k] }
        b[i] = sum / a[i * order + i]
      }
      for i in (0..<order).reversed() {  // Lᵀ x = z
        var sum = b[i]
        for k in i + 1..<max(i + 1, order) { sum -= a[k * order + i] * b[k] }
        b[i] = sum / a[i * order + i]
      }
    }
  }
}
