import ALS
import ALSReference
import ALSTestSupport
import Testing

struct SymmetricMatrixTests {
  /// A = Σ y yᵀ + 0.1 I over random y, and the same in full, both triangles.
  private func random(order: Int, seed: UInt64) -> (matrix: SymmetricMatrix, full: [[Double]]) {
    let rows = FactorMatrix.random(rows: order + 2, rank: order, seed: seed)
    var matrix = SymmetricMatrix(order: order)
    var full = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    for row in 0..<rows.rowCount {
      let y = rows[row].map(Double.init)
      matrix.add(weight: 0.5, outerProductOf: y)
      for i in 0..<order { for j in 0..<order { full[i][j] += 0.5 * y[i] * y[j] } }
    }
    matrix.addToDiagonal(0.1)
    for i in 0..<order { full[i][i] += 0.1 }
    return (matrix, full)
  }

  /// Gauss and Jordan's elimination with pivoting: slow, and unlike Cholesky in every step.
  private func inverse(_ full: [[Double]]) -> [[Double]] {
    let order = full.count
    var a = full.enumerated().map { i, row in row + (0..<order).map { $0 == i ? 1.0 : 0.0 } }
    for column in 0..<order {
      let pivot = (column..<order).max { a[$0][column].magnitude < a[$1][column].magnitude } ?? column
      a.swapAt(column, pivot)
      let scale = 1 / a[column][column]
      for k in 0..<2 * order { a[column][k] *= scale }
      for row in 0..<order where row != column {
        let factor = a[row][column]
        for k in 0..<2 * order { a[row][k] -= factor * a[column][k] }
      }
    }
    return a.map { Array($0[order...]) }
  }

  @Test(arguments: [1, 2, 3, 7, 16, 33])
  func `the solution equals that of a naive inverse`(order: Int) {
    var (matrix, full) = random(order: order, seed: UInt64(order))
    let b = FactorMatrix.random(rows: 1, rank: order, seed: 99)[0].map(Double.init)
    let expected = inverse(full).map { row in zip(row, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var x = b
    let isSolved = matrix.solveInPlace(&x)
    #expect(isSolved)
    for (actual, wanted) in zip(x, expected) { #expect(abs(actual - wanted) <= 1e-9 * max(1, wanted.magnitude)) }
  }

  @Test(arguments: [1, 2, 7, 20])
  func `the quadratic form equals a double sum`(order: Int) {
    let (matrix, full) = random(order: order, seed: 3)
    let y = FactorMatrix.random(rows: 1, rank: order, seed: 4)[0].map(Double.init)
    var expected = 0.0
    for i in 0..<order { for j in 0..<order { expected += y[i] * full[i][j] * y[j] } }
    #expect(abs(matrix.quadraticForm(y) - expected) <= 1e-12 * max(1, expected))
  }

  @Test(arguments: [1, 2, 5, 30])
  func `a matrix of lower rank than its order is singular`(order: Int) {
    let rows = FactorMatrix.random(rows: order - 1, rank: order, seed: 8)
    var matrix = SymmetricMatrix(order: order)
    for row in 0..<rows.rowCount { matrix.add(weight: 1, outerProductOf: rows[row].map(Double.init)) }
    var b = [Double](repeating: 1, count: order)
    let isSolved = matrix.solveInPlace(&b)
    #expect(!isSolved)
  }

  @Test func `a matrix that is not positive definite is refused`() {
    var matrix = SymmetricMatrix(order: 2)
    (matrix[0, 0], matrix[1, 0], matrix[1, 1]) = (1, 2, 1)
    var b = [1.0, 1.0]
    let isSolved = matrix.solveInPlace(&b)
    #expect(!isSolved)
  }

  @Test func `a tiny but well conditioned matrix is not singular`() {
    var matrix = SymmetricMatrix(order: 2)
    (matrix[0, 0], matrix[1, 0], matrix[1, 1]) = (2e-30, 1e-30, 2e-30)
    var b = [3e-30, 3e-30]
    let isSolved = matrix.solveInPlace(&b)
    #expect(isSolved)
    for x in b { #expect(abs(x - 1) < 1e-12) }
  }

  @Test func `a matrix with a NaN is refused`() {
    var matrix = SymmetricMatrix(order: 1)
    matrix[0, 0] = .nan
    var b = [1.0]
    let isSolved = matrix.solveInPlace(&b)
    #expect(!isSolved)
  }
}
