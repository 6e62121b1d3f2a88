import ALS
import ALSReference
import ALSTestSupport
import Testing

struct NonnegativeTests {
  private func equations(_ rows: [[Double]], _ rightSide: [Double]) -> NormalEquations {
    let ratings = CSRMatrix(rows: 1, columns: 1, [])
    var equations = NormalEquations(
      row: 0, of: ratings, fixed: FactorMatrix(zeros: 1, rank: rightSide.count), feedback: .explicit, regularization: 0,
      gramian: nil)
    for (i, row) in rows.enumerated() { for j in 0...i { equations.matrix[i, j] = row[j] } }
    equations.rightSide = rightSide
    return equations
  }

  @Test func `a solution that is positive anyway is found`() throws {
    let x = try #require(equations([[2, 0], [1, 3]].map { $0 }, [3, 4]).nonnegativeSolution())
    #expect(abs(x[0] - 1) < 1e-14 && abs(x[1] - 1) < 1e-14)
  }

  @Test func `what would be negative is zero, and the others make up for it`() throws {
    // Without bounds x = (1, −1): with x₁ = 0, x₀ = 1 / 2.
    let equations = equations([[2, 0], [1, 3]], [1, -2])
    let x = try #require(equations.nonnegativeSolution())
    #expect(abs(x[0] - 0.5) < 1e-15 && x[1] == 0)
    #expect(equations.nonnegativeResidual(of: [0.5, 0]) == 0)
    #expect(equations.nonnegativeResidual(of: [1, -1]) == .infinity)
    #expect(equations.nonnegativeResidual(of: [0, 0]) == 0.5, "a slope downwards at a zero")
    #expect(equations.nonnegativeResidual(of: [1, 0]) == 0.5, "a slope at a positive element")
  }

  @Test func `a right side without anything positive is solved by zeros`() throws {
    #expect(try #require(equations([[2, 0], [1, 3]], [0, -5]).nonnegativeSolution()) == [0, 0])
    #expect(try #require(equations([[0, 0], [0, 0]], [0, 0]).nonnegativeSolution()) == [0, 0])
  }

  @Test func `an unbounded unknown may be negative, and a row without ratings is zero`() throws {
    // x₀ = 0 for it would be negative, and x₁ = −2 / 3.
    let x = try #require(equations([[2, 0], [1, 3]], [-1, -2]).nonnegativeSolution(boundedCount: 1))
    #expect(x[0] == 0 && abs(x[1] + 2.0 / 3) < 1e-15)
    #expect(equations([[0, 0], [0, 0]], [0, 0]).nonnegativeSolution(boundedCount: 1) == [0, 0])
  }

  @Test func `a singular matrix is no matter where it is not needed`() throws {
    #expect(equations([[1, 0], [1, 1]], [1, 2]).nonnegativeSolution() == [0, 2])
    #expect(equations([[0, 0], [0, 1]], [1, 2]).nonnegativeSolution() == nil)
  }

  @Test(arguments: [1, 3, 16, 64], [UInt64(1), 2, 3])
  func `the conditions of Karush, Kuhn and Tucker hold`(rank: Int, seed: UInt64) throws {
    let fixed = FactorMatrix.random(rows: 200, rank: rank, seed: seed)
    let ratings = CSRMatrix.random(rows: 20, columns: 200, density: 0.3, values: [-3, -1, 1, 2, 5])
    for row in 0..<ratings.rowCount {
      let equations = NormalEquations(
        row: row, of: ratings, fixed: fixed, feedback: .explicit, regularization: 0.5, gramian: nil)
      let x = try #require(equations.nonnegativeSolution())
      #expect(x.allSatisfy { $0 >= 0 })
      #expect(equations.nonnegativeResidual(of: x) < 1e-11)
    }
  }

  @Test func `training keeps all factors at zero or above and lowers the objective`() throws {
    let ratings = CSRMatrix.random(rows: 60, columns: 40, density: 0.4)
    for feedback in [Feedback.explicit, .implicit(alpha: 2)] {
      let parameters = try ALSParameters(rank: 7, iterations: 6, feedback: feedback, nonnegative: true)
      var objectives: [Double] = []
      let session = try ReferenceBackend().makeSession(
        data: TrainingData(ratings: ratings), parameters: parameters,
        initial: .initial(for: TrainingData(ratings: ratings), parameters: parameters))
      for _ in 0..<6 {
        for side in parameters.sides {
          try session.update(side)
          objectives.append(try session.loss().objective)
          #expect(try session.factors(of: side).values.allSatisfy { $0 >= 0 })
        }
      }
      // The first half-step starts from factors of both signs.
      for (later, earlier) in zip(objectives.dropFirst(2), objectives.dropFirst()) {
        #expect(later <= earlier * (1 + 1e-6), "\(feedback)")
      }
    }
  }
}
