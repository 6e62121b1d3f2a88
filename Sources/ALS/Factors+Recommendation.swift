extension Factors {
  /// The `count` items with the highest scores for a user.
  ///
  /// - Parameters:
  ///   - userRow: row of the user.
  ///   - count: length of the list; it is shorter where there are fewer items.
  ///   - excluded: whether an item's row is left out.
  /// - Complexity: O(items · rank).
  public func recommendations(forUser userRow: Int, count: Int, excluding excluded: (Int) -> Bool = { _ in false })
    -> [ScoredRow]
  {
    var best = TopN(count: count)
    for row in 0..<item.rowCount where !excluded(row) {
      best.offer(row: row, score: score(user: userRow, item: row))
    }
    return best.sorted
  }

  /// The `count` rows of a side that point in the directions nearest to that of `row`, by cosine similarity; `row` itself
  /// and rows of zeros are left out.
  ///
  /// - Complexity: O(rows · rank).
  public func mostSimilar(to row: Int, side: Side, count: Int) -> [ScoredRow] {
    let matrix = self[side]
    let rank = matrix.rank
    var best = TopN(count: count)
    matrix.values.withUnsafeBufferPointer { values in
      func dot(_ a: Int, _ b: Int) -> Double {
        var sum = 0.0
        for k in 0..<rank { sum += Double(values[a * rank + k]) * Double(values[b * rank + k]) }
        return sum
      }
      let ownNorm = dot(row, row).squareRoot()
      guard ownNorm > 0 else { return }
      for other in 0..<matrix.rowCount where other != row {
        let norm = dot(other, other).squareRoot()
        if norm > 0 { best.offer(row: other, score: Float(dot(row, other) / (ownNorm * norm))) }
      }
    }
    return best.sorted
  }
}
