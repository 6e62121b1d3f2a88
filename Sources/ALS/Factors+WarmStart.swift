extension Factors {
  /// What training starts from beside a model: its factors for the users and items that it knows, initial ones for the others.
  public struct WarmStart: Sendable {
    /// The factors, in the rows of the new ratings.
    public var factors: Factors
    /// Number of users with factors of the model.
    public var knownUsers: Int
    /// Number of items with factors of the model.
    public var knownItems: Int
  }

  /// Factors to train from that bring a model to new ratings. Those of the side that is solved last decide the result;
  /// only the conjugate gradient method looks at both. Rows without ratings start at zero, as they do without a model.
  ///
  /// - Parameters:
  ///   - model: a model of the same rank, whose ids are loaded.
  ///   - users: ids of the users of `data`.
  ///   - items: ids of its items.
  ///   - data: the ratings to train on.
  ///   - parameters: those to train with.
  /// - Precondition: the model's rank is that of the parameters.
  /// - Throws: what the initial factors of users that the model does not know throw.
  public static func warmStart(
    from model: Model, users: IDIndex, items: IDIndex, data: TrainingData, parameters: ALSParameters
  ) throws(ALSError) -> WarmStart {
    precondition(model.parameters.rank == parameters.rank)
    let initial = try Factors.initial(for: data, parameters: parameters)
    let user = carry(
      model.factors.user, of: model.users, to: users, ratings: data.byUser, others: initial.user)
    let item = carry(
      model.factors.item, of: model.items, to: items, ratings: data.byItem, others: initial.item)
    var biases = initial.biases
    if let known = model.factors.biases {
      biases?.user = carry(known.user, of: model.users, to: users, ratings: data.byUser)
      biases?.item = carry(known.item, of: model.items, to: items, ratings: data.byItem)
    }
    return WarmStart(
      factors: Factors(user: user.matrix, item: item.matrix, biases: biases), knownUsers: user.known,
      knownItems: item.known)
  }

  private static func carry(_ known: [Float], of knownIDs: IDIndex, to ids: IDIndex, ratings: CSRMatrix) -> [Float] {
    carry(
      FactorMatrix(rank: 1, values: known), of: knownIDs, to: ids, ratings: ratings,
      others: FactorMatrix(zeros: ids.count, rank: 1)
    ).matrix.values
  }

  private static func carry(
    _ known: FactorMatrix, of knownIDs: IDIndex, to ids: IDIndex, ratings: CSRMatrix, others: FactorMatrix
  ) -> (matrix: FactorMatrix, known: Int) {
    var values = others.values
    var count = 0
    let rank = others.rank
    for row in 0..<ids.count where !ratings.entries(ofRow: row).isEmpty {
      guard let source = knownIDs.row(of: ids[row]) else { continue }
      for k in 0..<rank { values[row * rank + k] = known.values[source * rank + k] }
      count += 1
    }
    return (FactorMatrix(rank: rank, values: values), count)
  }
}
