/// A dense matrix of factors: one row of `rank` floats for each user or item, in row-major order.
public struct FactorMatrix: Sendable, Equatable {
  /// Length of a row.
  public let rank: Int
  /// `rowCount × rank` values.
  public let values: [Float]

  /// Takes the values as they are.
  ///
  /// - Precondition: `values.count` is a multiple of `rank`, and `rank` is at least 1.
  public init(rank: Int, values: [Float]) {
    precondition(rank >= 1 && values.count % rank == 0)
    self.rank = rank
    self.values = values
  }

  /// A matrix of zeros.
  public init(zeros rowCount: Int, rank: Int) {
    self.init(rank: rank, values: [Float](repeating: 0, count: rowCount * rank))
  }

  /// Number of rows.
  public var rowCount: Int { values.count / rank }

  /// One row.
  public subscript(row: Int) -> ArraySlice<Float> { values[row * rank..<(row + 1) * rank] }

  /// The first row that holds an infinity or a NaN, if any.
  public var firstNonFiniteRow: Int? {
    values.firstIndex { !$0.isFinite }.map { $0 / rank }
  }
}
