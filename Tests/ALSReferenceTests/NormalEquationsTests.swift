import ALS
import ALSReference
import ALSTestSupport
import Testing

/// The equations of one row against values worked out by hand. Factors of the other side: y₀ = (1, 2), y₁ = (3, −1),
/// y₂ = (0, 1); the row rates 0 with 4 and 1 with −2.
struct NormalEquationsTests {
  private static let fixed = FactorMatrix(rank: 2, values: [1, 2, 3, -1, 0, 1])
  private static let ratings = CSRMatrix(rows: 2, columns: 3, [(1, 0, 4), (1, 1, -2)])

  private func equations(_ feedback: Feedback, row: Int = 1, regularization: Float = 0) -> NormalEquations {
    var gramian: SymmetricMatrix?
    if feedback.isImplicit {
      var sum = SymmetricMatrix(order: 2)
      for row in 0..<Self.fixed.rowCount { sum.add(weight: 1, outerProductOf: Self.fixed[row].map(Double.init)) }
      gramian = sum
    }
    return NormalEquations(
      row: row, of: Self.ratings, fixed: Self.fixed, feedback: feedback, regularization: regularization,
      gramian: gramian)
  }

  /// The lower triangle of a matrix of order 2: (0, 0), (1, 0), (1, 1).
  private func triangle(_ matrix: SymmetricMatrix) -> [Double] { [matrix[0, 0], matrix[1, 0], matrix[1, 1]] }

  @Test func `explicit equations add each outer product once and weigh the right side by the rating`() {
    // A = [[1, 2], [2, 4]] + [[9, −3], [−3, 1]] + 0.5 I, b = 4 (1, 2) − 2 (3, −1).
    let equations = equations(.explicit, regularization: 0.5)
    #expect(triangle(equations.matrix) == [10.5, -1, 5.5])
    #expect(equations.rightSide == [-2, 10])
  }

  @Test func `implicit equations weigh by confidence and leave negative ratings out of the right side`() {
    // YᵀY = [[10, −1], [−1, 6]]; α = 2: A = YᵀY + 8 [[1, 2], [2, 4]] + 4 [[9, −3], [−3, 1]] + 0.5 I, b = (1 + 8) (1, 2).
    let equations = equations(.implicit(alpha: 2), regularization: 0.5)
    #expect(triangle(equations.matrix) == [54.5, 3, 42.5])
    #expect(equations.rightSide == [9, 18])
  }

  @Test func `implicit equations with an alpha of zero have the plain Gramian and a preference of one`() {
    let equations = equations(.implicit(alpha: 0))
    #expect(triangle(equations.matrix) == [10, -1, 6])
    #expect(equations.rightSide == [1, 2])
  }

  @Test func `the solution solves the equations`() throws {
    // [[10.5, −1], [−1, 5.5]] x = (−2, 10): det = 56.75.
    let x = try #require(equations(.explicit, regularization: 0.5).solution())
    #expect(abs(x[0] - (-2 * 5.5 + 10) / 56.75) < 1e-12)
    #expect(abs(x[1] - (10.5 * 10 - 2) / 56.75) < 1e-12)
  }

  @Test func `a row without ratings is solved by zeros even where its matrix is singular`() {
    #expect(equations(.explicit, row: 0).solution() == [0, 0])
  }

  @Test func `one rating for two unknowns has no solution without regularization`() {
    let single = CSRMatrix(rows: 1, columns: 3, [(0, 1, 3)])
    let singular = NormalEquations(
      row: 0, of: single, fixed: Self.fixed, feedback: .explicit, regularization: 0, gramian: nil)
    #expect(singular.solution() == nil)
    let regularized = NormalEquations(
      row: 0, of: single, fixed: Self.fixed, feedback: .explicit, regularization: 0.1, gramian: nil)
    #expect(regularized.solution() != nil)
  }

  @Test func `training with an alpha of zero solves the unweighted problem of preferences`() throws {
    // Without confidence every pair weighs the same: x = (YᵀY + λ n I)⁻¹ Σ y over what was liked. Users 0 and 1 like
    // item 0; factors (2) and (1) give YᵀY = 5 + 0, so that the item's factor is 3 / (5 + 0.5 · 2).
    let session = try ReferenceBackend().makeSession(
      data: TrainingData(ratings: CSRMatrix(rows: 2, columns: 1, [(0, 0, 7), (1, 0, 1)])),
      parameters: ALSParameters(rank: 1, regularization: 0.5, feedback: .implicit(alpha: 0)),
      initial: Factors(user: FactorMatrix(rank: 1, values: [2, 1]), item: FactorMatrix(zeros: 1, rank: 1)))
    try session.update(.item)
    #expect(try session.factors(of: .item).values == [0.5])
  }
}
