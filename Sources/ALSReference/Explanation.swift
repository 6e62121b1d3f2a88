import ALS

/// Why a user's score of an item is what it is: what each of the user's ratings adds to it (Hu, Koren, Volinsky 2008, section 5).
///
/// The user's factors solve A x = Σ b_j y_j over the items j that the user rated, so that the score yᵀx of an item is the sum of
/// b_j · yᵀA⁻¹y_j. With nonnegative factors the same holds for those above zero, of which A is taken.
public struct Explanation: Sendable {
  /// What one rating adds.
  public struct Contribution: Sendable, Equatable {
    /// The entry of the rating in the matrix.
    public var entry: Int
    /// What it adds to the score.
    public var value: Double
  }

  /// What each rating adds, in the order of the user's entries.
  public var contributions: [Contribution]
  /// What remains without any rating: mean and biases. The user's bias, where there is one, is made up of contributions too.
  public var base: Double

  /// The score of factors solved anew from these ratings: base and contributions together. The model's own score is that of its last
  /// half-step, which for a model that has been trained well is nearly the same.
  public var score: Double { contributions.reduce(base) { $0 + $1.value } }

  /// Explains the score of an item for a user.
  ///
  /// - Parameters:
  ///   - user: row of the user.
  ///   - item: row of the item.
  ///   - ratings: users × items, in the rows of the factors.
  ///   - factors: those of the model.
  ///   - parameters: those that it was trained with.
  /// - Returns: `nil` if the user's equations are singular.
  /// - Complexity: O(items · rank²) in implicit training for YᵀY, else O(ratings of the user · rank² + rank³).
  public init?(user: Int, item: Int, ratings: CSRMatrix, factors: Factors, parameters: ALSParameters) {
    let fixed = factors.item
    let entries = ratings.entries(ofRow: user)
    let feedback = parameters.feedback
    let gramian = feedback.isImplicit ? SymmetricMatrix(gramianOf: fixed) : nil
    let row = CSRMatrix(
      columnCount: ratings.columnCount, rowOffsets: [0, entries.count],
      columnIndices: Array(ratings.columnIndices[entries]), values: Array(ratings.values[entries]))
    let lambda = parameters.rowRegularization(ratingCount: row.values.count { feedback.counts($0) })
    let biases = factors.biases.map { (mean: $0.mean, ofColumns: $0.item) }
    let equations = NormalEquations(
      row: 0, of: row, fixed: fixed, feedback: feedback, regularization: lambda, gramian: gramian, biases: biases)

    var isFree = [Bool](repeating: true, count: equations.rightSide.count)
    if parameters.nonnegative {
      guard let x = equations.nonnegativeSolution(boundedCount: fixed.rank) else { return nil }
      for k in 0..<fixed.rank { isFree[k] = x[k] > 0 }
    }
    guard let factored = FactoredEquations(equations.matrix, on: isFree) else { return nil }
    self.init(item: item, ratings: row, fixed: fixed, biases: biases, feedback: feedback, equations: factored)
    for place in contributions.indices { contributions[place].entry += entries.lowerBound }
  }

  /// Explains the score of an item for the user whose equations are given.
  ///
  /// - Parameters:
  ///   - ratings: one row, the user's.
  ///   - fixed: factors of the items.
  ///   - equations: those of the unknowns that are solved for.
  package init(
    item: Int, ratings: CSRMatrix, fixed: FactorMatrix, biases: (mean: Float, ofColumns: [Float])?, feedback: Feedback,
    equations: FactoredEquations
  ) {
    func features(_ item: Int) -> [Double] { fixed[item].map(Double.init) + (biases == nil ? [] : [1]) }
    // A⁻¹ y once serves all contributions, for A is symmetric.
    let direction = equations.solution(for: features(item))
    contributions = ratings.entries(ofRow: 0).map { entry in
      let column = Int(ratings.columnIndices[entry])
      var rating = Double(ratings.values[entry])
      if let biases { rating -= Double(biases.mean) + Double(biases.ofColumns[column]) }
      let product = zip(direction, features(column)).reduce(0.0) { $0 + $1.0 * $1.1 }
      return Contribution(entry: entry, value: feedback.rightSideWeight(of: rating) * product)
    }
    base = biases.map { Double($0.mean) + Double($0.ofColumns[item]) } ?? 0
  }
}
