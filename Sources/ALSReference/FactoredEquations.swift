/// The matrix of normal equations, or the part of it that some unknowns have, factored once for any number of right sides.
package struct FactoredEquations: Sendable {
  private let free: [Int]
  private let order: Int
  private var part: SymmetricMatrix

  /// Factors the part of A.
  ///
  /// - Parameter isFree: for each unknown whether it is solved for; the others are held at zero.
  /// - Returns: `nil` if that part is singular.
  package init?(_ matrix: SymmetricMatrix, on isFree: [Bool]) {
    free = isFree.indices.filter { isFree[$0] }
    order = isFree.count
    part = SymmetricMatrix(order: free.count)
    for (i, row) in free.enumerated() {
      for (j, column) in free[...i].enumerated() { part[i, j] = matrix[row, column] }
    }
    guard part.factorInPlace() else { return nil }
  }

  /// The solution for a right side; zero for the unknowns that are not free.
  package func solution(for rightSide: [Double]) -> [Double] {
    var solved = free.map { rightSide[$0] }
    part.solveFactored(&solved)
    var x = [Double](repeating: 0, count: order)
    for (k, index) in free.enumerated() { x[index] = solved[k] }
    return x
  }
}
