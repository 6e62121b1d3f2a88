/// Lists that do not hold the same thing ten times: maximal marginal relevance (Carbonell and Goldstein 1998).
///
/// From candidates in the order of their scores, each place goes to the one with the highest
/// (1 − w) · relevance − w · (its greatest cosine similarity to those that have a place), with the relevance the score scaled to 0…1
/// between the last candidate and the first. Without a weight the order stays as it is.
public struct Diversification: Sendable {
  private let factors: FactorMatrix
  private let norms: [Float]
  /// The weight w of diversity, 0 to 1.
  public let weight: Float

  /// - Parameters:
  ///   - factors: those of the items, by whose directions they are alike.
  ///   - weight: from 0 to 1.
  public init(factors: FactorMatrix, weight: Double) {
    precondition((0...1).contains(weight))
    self.factors = factors
    self.weight = Float(weight)
    let rank = factors.rank
    norms = factors.values.withUnsafeBufferPointer { values in
      (0..<factors.rowCount).map { row in
        var sum: Float = 0
        for k in row * rank..<(row + 1) * rank { sum += values[k] * values[k] }
        return sum.squareRoot()
      }
    }
  }

  /// How many candidates a list of `count` is chosen from: enough to find others than the first, and few enough that all are good.
  public static func candidateCount(for count: Int) -> Int { max(50, min(5 * count, 1000), count) }

  /// The list of `count` of the candidates, best place first, with their own scores; O(count · candidates · rank).
  public func chosen(_ count: Int, from candidates: [ScoredRow]) -> [ScoredRow] {
    guard let best = candidates.first, let worst = candidates.last else { return [] }
    let spread = best.score - worst.score
    var left = candidates.map { candidate in
      (
        row: candidate, relevance: spread > 0 ? (candidate.score - worst.score) / spread : 0,
        similarity: -Float.infinity
      )
    }
    var list: [ScoredRow] = []
    while list.count < count, !left.isEmpty {
      var choice = 0
      var highest = -Float.infinity
      for (index, candidate) in left.enumerated() {
        let similarity = list.isEmpty ? 0 : candidate.similarity
        let value = (1 - weight) * candidate.relevance - weight * similarity
        // Of equal ones the first, whose score is higher.
        if value > highest { (choice, highest) = (index, value) }
      }
      let chosen = left.remove(at: choice).row
      list.append(chosen)
      for index in left.indices {
        left[index].similarity = max(left[index].similarity, cosine(left[index].row.row, chosen.row))
      }
    }
    return list
  }

  private func cosine(_ a: Int, _ b: Int) -> Float {
    let scale = norms[a] * norms[b]
    guard scale > 0 else { return 0 }
    let rank = factors.rank
    return factors.values.withUnsafeBufferPointer { values in
      var sum: Float = 0
      for k in 0..<rank { sum += values[a * rank + k] * values[b * rank + k] }
      return sum / scale
    }
  }
}
