import ALS

/// Somebody whom a model does not know, solved from ratings of its items exactly as a half-step would solve a user with these.
package struct FoldedUser: Sendable {
  /// The factors.
  package let factors: [Float]
  /// The bias, where the model has biases.
  package let bias: Float?

  private let ratings: CSRMatrix
  private let model: Factors
  private let feedback: Feedback
  private let equations: NormalEquations
  private let isFree: [Bool]

  /// What all users of a model have in common: the factors of the items as half-steps read them, and their YᵀY in implicit training.
  package struct Items: Sendable {
    fileprivate let fixed: FactorMatrix
    fileprivate let gramian: SymmetricMatrix?

    /// Prepares a model once; O(items · rank²) in implicit training.
    package init(factors: Factors, parameters: ALSParameters) {
      fixed = parameters.precision == .float16 ? factors.item.roundedToFloat16() : factors.item
      gramian = parameters.feedback.isImplicit ? SymmetricMatrix(gramianOf: fixed) : nil
    }
  }

  /// Solves the ratings.
  ///
  /// - Parameters:
  ///   - ratings: one row over the items of the model.
  ///   - model: the factors.
  ///   - parameters: those that it was trained with.
  /// - Throws: ``ALSError/singularSystem(side:row:id:)``, ``ALSError/overflow(side:row:id:)``.
  /// - Complexity: O(ratings · rank² + rank³).
  package init(ratings: CSRMatrix, model: Factors, items: Items, parameters: ALSParameters) throws(ALSError) {
    let feedback = parameters.feedback
    let rank = parameters.rank
    let equations = NormalEquations(
      row: 0, of: ratings, fixed: items.fixed, feedback: feedback,
      regularization: parameters.rowRegularization(ratingCount: ratings.values.count { feedback.counts($0) }),
      gramian: items.gramian, biases: model.biases.map { (mean: $0.mean, ofColumns: $0.item) })
    let solution: [Double]? =
      switch parameters.solver {
      case .cholesky:
        parameters.nonnegative ? equations.nonnegativeSolution(boundedCount: rank) : equations.solution()
      case .conjugateGradient(let steps):
        equations.conjugateGradient(from: [Double](repeating: 0, count: parameters.unknowns), steps: steps)
      }
    guard let solution else { throw .singularSystem(side: .user, row: 0, id: nil) }
    let values = solution.map { Float($0) }
    guard values.allSatisfy(\.isFinite) else { throw .overflow(side: .user, row: 0, id: nil) }
    factors = Array(values.prefix(rank))
    bias = parameters.biases ? values.last : nil
    self.ratings = ratings
    self.model = model
    self.feedback = feedback
    self.equations = equations
    isFree = solution.indices.map { !parameters.nonnegative || $0 >= rank || solution[$0] > 0 }
  }

  /// Which of the ratings make the scores of some items, and how much each adds; entries are those of the row. `nil` if the
  /// equations are singular.
  ///
  /// - Complexity: O(rank³ + items · rank · (rank + ratings)).
  package func explanations(of items: [Int]) -> [Explanation]? {
    guard let factored = FactoredEquations(equations.matrix, on: isFree) else { return nil }
    let biases = model.biases.map { (mean: $0.mean, ofColumns: $0.item) }
    return items.map { item in
      Explanation(
        item: item, ratings: ratings, fixed: model.item, biases: biases, feedback: feedback, equations: factored)
    }
  }
}
