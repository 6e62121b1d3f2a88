/// The two factor matrices of a model: what alternating least squares alternates between.
public struct Factors: Sendable, Equatable {
  /// X: users × rank.
  public var user: FactorMatrix
  /// Y: items × rank.
  public var item: FactorMatrix
  /// Mean and biases, where they were trained.
  public var biases: Biases?

  /// Pairs two matrices of equal rank.
  ///
  /// - Precondition: there are as many biases as rows.
  public init(user: FactorMatrix, item: FactorMatrix, biases: Biases? = nil) {
    precondition(user.rank == item.rank)
    precondition(biases.map { $0.user.count == user.rowCount && $0.item.count == item.rowCount } ?? true)
    self.user = user
    self.item = item
    self.biases = biases
  }

  /// The matrix of one side.
  public subscript(side: Side) -> FactorMatrix { side == .user ? user : item }

  /// The dot product of two rows, added up in index order in 32-bit arithmetic as Spark does: the model's score of a pair, without
  /// its biases where there are any (see ``withBiasesAsFactors``).
  @inlinable
  public func score(user userRow: Int, item itemRow: Int) -> Float {
    let rank = user.rank
    return user.values.withUnsafeBufferPointer { x in
      item.values.withUnsafeBufferPointer { y in
        var sum: Float = 0
        for k in 0..<rank { sum += x[userRow * rank + k] * y[itemRow * rank + k] }
        return sum
      }
    }
  }
}
