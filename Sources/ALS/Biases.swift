/// What of a rating its user and its item explain without each other, in explicit training: r ≈ μ + b_u + b_i + xᵀy (Koren, Bell,
/// Volinsky 2009, equation 4).
///
/// A row's bias is solved together with its factors, as the coefficient of a factor that is 1 on the other side, and regularized
/// as they are.
public struct Biases: Sendable, Equatable {
  /// μ: the mean of the training ratings.
  public var mean: Float
  /// b_u of each user.
  public var user: [Float]
  /// b_i of each item.
  public var item: [Float]

  /// Gives all.
  public init(mean: Float, user: [Float], item: [Float]) {
    self.mean = mean
    self.user = user
    self.item = item
  }

  /// Those of one side.
  public subscript(side: Side) -> [Float] { side == .user ? user : item }
}

extension Factors {
  /// Factors that score as these do by their dot products alone, to rank and to predict with: with biases two more a row, the
  /// bias of the one side beside a 1 of the other. Without, these.
  public var withBiasesAsFactors: Factors {
    guard let biases else { return self }
    func extended(_ side: Side, _ tail: (Int) -> (Float, Float)) -> FactorMatrix {
      let matrix = self[side]
      let rank = matrix.rank
      let values = [Float](unsafeUninitializedCapacity: matrix.rowCount * (rank + 2)) { buffer, count in
        for row in 0..<matrix.rowCount {
          let start = row * (rank + 2)
          for k in 0..<rank { buffer[start + k] = matrix.values[row * rank + k] }
          (buffer[start + rank], buffer[start + rank + 1]) = tail(row)
        }
        count = matrix.rowCount * (rank + 2)
      }
      return FactorMatrix(rank: rank + 2, values: values)
    }
    return Factors(
      user: extended(.user) { (1, biases.mean + biases.user[$0]) }, item: extended(.item) { (biases.item[$0], 1) })
  }
}

extension FactorMatrix {
  /// The same rows with one more element each.
  package func appending(_ column: [Float]) -> FactorMatrix {
    precondition(column.count == rowCount)
    let longer = rank + 1
    let values = [Float](unsafeUninitializedCapacity: rowCount * longer) { buffer, count in
      for row in 0..<rowCount {
        for k in 0..<rank { buffer[row * longer + k] = self.values[row * rank + k] }
        buffer[row * longer + rank] = column[row]
      }
      count = rowCount * longer
    }
    return FactorMatrix(rank: longer, values: values)
  }
}
