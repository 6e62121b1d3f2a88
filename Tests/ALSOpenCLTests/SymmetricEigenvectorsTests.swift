import ALS
import ALSOpenCL
import Testing

struct SymmetricEigenvectorsTests {
  private func random(order n: Int, seed: UInt64) -> [Double] {
    let rows = FactorMatrix.random(rows: n, rank: n, seed: seed).values
    return (0..<n * n).map { Double(rows[$0]) + Double(rows[$0 % n * n + $0 / n]) }
  }

  /// The largest element of |Eᵀ diag(e) E - A| and of |E Eᵀ - I|.
  private func errors(_ eigen: SymmetricEigenvectors, of a: [Double], order n: Int) -> Double {
    var worst = 0.0
    for i in 0..<n {
      for j in 0..<n {
        var (sum, product) = (-a[i * n + j], i == j ? -1.0 : 0.0)
        for k in 0..<n {
          sum += eigen.values[k] * eigen.vectors[k * n + i] * eigen.vectors[k * n + j]
          product += eigen.vectors[i * n + k] * eigen.vectors[j * n + k]
        }
        worst = max(worst, abs(sum), abs(product))
      }
    }
    return worst
  }

  @Test(arguments: [1, 2, 3, 5, 16, 33, 100])
  func `eigenvectors are orthogonal and give the matrix back`(order: Int) throws {
    let a = random(order: order, seed: 3)
    let eigen = try #require(SymmetricEigenvectors(a, order: order))
    #expect(errors(eigen, of: a, order: order) < 1e-12)
  }

  @Test func `a multiple of one row with itself has one eigenvalue that is not zero`() throws {
    let row = (0..<12).map { Double($0) - 4 }
    let a = (0..<144).map { row[$0 / 12] * row[$0 % 12] }
    let eigen = try #require(SymmetricEigenvectors(a, order: 12))
    #expect(errors(eigen, of: a, order: 12) < 1e-11)
    #expect(eigen.values.filter { abs($0) > 1e-10 }.count == 1)
  }

  @Test func `diagonal matrices, zeros among them, are their own`() throws {
    var a = [Double](repeating: 0, count: 25)
    for (k, value) in [3.0, 0, -2, 3, 1e9].enumerated() { a[k * 6] = value }
    let eigen = try #require(SymmetricEigenvectors(a, order: 5))
    #expect(eigen.values.sorted() == [-2, 0, 3, 3, 1e9])
    #expect(errors(eigen, of: a, order: 5) == 0)
  }

  @Test(arguments: [Double.nan, .infinity])
  func `a matrix that is not finite has none`(element: Double) {
    #expect(SymmetricEigenvectors([1, element, element, 1], order: 2) == nil)
  }
}
