extension FactorMatrix {
  /// The user factors that Spark begins with on these ratings. Users without ratings, whom Spark would not know, start at zero.
  ///
  /// Signs are kept where factors are to be nonnegative, as Spark keeps them.
  static func sparkStart(for data: TrainingData, parameters: ALSParameters, blocks: Int) throws(ALSError)
    -> FactorMatrix
  {
    guard let users = data.users else { throw .noSparkStart(id: nil) }
    let rank = parameters.rank
    let rows = (0..<data.byUser.rowCount).filter { !data.byUser.entries(ofRow: $0).isEmpty }
    var ids: [Int32] = []
    ids.reserveCapacity(rows.count)
    for row in rows {
      guard let id = users.int32(row: row) else { throw .noSparkStart(id: users[row]) }
      ids.append(id)
    }
    let start = try SparkStart(seed: Int64(bitPattern: parameters.seed), rank: rank, blocks: blocks).factors(ids: ids)
    if rows.count == data.byUser.rowCount { return start }
    var values = [Float](repeating: 0, count: data.byUser.rowCount * rank)
    for (position, row) in rows.enumerated() {
      for k in 0..<rank { values[row * rank + k] = start.values[position * rank + k] }
    }
    return FactorMatrix(rank: rank, values: values)
  }
}
