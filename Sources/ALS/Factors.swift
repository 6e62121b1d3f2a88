/// The two factor matrices of a model: what alternating least squares alternates between.
public struct Factors: Sendable, Equatable {
  /// X: users × rank.
  public var user: FactorMatrix
  /// Y: items × rank.
  public var item: FactorMatrix

  /// Pairs two matrices of equal rank.
  public init(user: FactorMatrix, item: FactorMatrix) {
    precondition(user.rank == item.rank)
    self.user = user
    self.item = item
  }

  /// The matrix of one side.
  public subscript(side: Side) -> FactorMatrix { side == .user ? user : item }

  /// The model's score of a pair: the dot product of two rows, added up in index order in 32-bit arithmetic as Spark does.
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
