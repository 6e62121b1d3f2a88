import ALS

extension Recommender {
  /// The list of one user, given by factors, made on the calling thread: a service answers many such requests side by side.
  ///
  /// - Parameters:
  ///   - x: as many factors as an item has.
  ///   - count: length of the list.
  ///   - rows: rows of items that are left out.
  /// - Complexity: O(items · rank); takes a score of memory for each item.
  package func list(forFactors x: [Float], count: Int, excluding rows: some Sequence<Int>) -> [ScoredRow] {
    precondition(x.count == rank)
    let panelCount = (candidates.count + 7) / 8
    var best = TopN(count: count)
    withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: panelCount) { scores in
      scores.initialize(repeating: .zero)
      defer { scores.deinitialize() }
      score(x, into: scores)
      let values = UnsafeMutableRawBufferPointer(scores).bindMemory(to: Float.self)
      for row in rows {
        let position = Int(positions[row])
        if position >= 0 { values[position] = .nan }
      }
      for position in candidates.indices { best.offer(row: Int(candidates[position]), score: values[position]) }
    }
    return best.sorted
  }

  /// Scores of all candidates for one user. Four panels are added up side by side, for an addition waits for the one before it.
  private func score(_ x: [Float], into out: UnsafeMutableBufferPointer<SIMD8<Float>>) {
    let rank = rank
    x.withUnsafeBufferPointer { x in
      panels.withUnsafeBufferPointer { y in
        var panel = 0
        while panel + 4 <= out.count {
          var (a, b, c, d) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
          let base = panel * rank
          for k in 0..<rank {
            let factor = x[k]
            a += factor * y[base + k]
            b += factor * y[base + rank + k]
            c += factor * y[base + 2 * rank + k]
            d += factor * y[base + 3 * rank + k]
          }
          (out[panel], out[panel + 1], out[panel + 2], out[panel + 3]) = (a, b, c, d)
          panel += 4
        }
        while panel < out.count {
          var sum = SIMD8<Float>.zero
          for k in 0..<rank { sum += x[k] * y[panel * rank + k] }
          out[panel] = sum
          panel += 1
        }
      }
    }
  }
}
