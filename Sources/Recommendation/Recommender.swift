import ALS

/// Lists of the best items for many users at once.
///
/// The factors of the candidates lie in panels of eight items, so that eight scores are added up side by side; each score
/// is still the sum in index order that `Factors.score(user:item:)` gives, bit for bit.
package struct Recommender: Sendable {
  private let factors: Factors
  /// Rows of the items that may be recommended, ascending.
  let candidates: [Int32]
  /// Position of an item's row among the candidates; -1 where it is none.
  let positions: [Int32]
  /// `panels[(panel * rank + k)][lane]` is factor k of candidate `panel * 8 + lane`.
  let panels: [SIMD8<Float>]
  /// Ratings (users × items) whose items are left out for their users.
  private let seen: [CSRMatrix]
  /// Length of the lists.
  private let count: Int

  /// Length of a row of factors.
  var rank: Int { factors.item.rank }

  /// Users scored together: each panel is read once for all of them.
  private static let usersPerPass = 4

  /// Arranges the factors; O(items · rank).
  ///
  /// - Parameters:
  ///   - allowed: for each item's row whether it may be recommended.
  ///   - seen: ratings in the model's row space; an item is not recommended to a user with an entry for it.
  package init(factors: Factors, allowed: [Bool], seen: [CSRMatrix], count: Int) {
    self.factors = factors
    self.seen = seen
    self.count = count
    let candidates = allowed.indices.filter { allowed[$0] }.map { Int32($0) }
    self.candidates = candidates
    var positions = [Int32](repeating: -1, count: allowed.count)
    for (position, row) in candidates.enumerated() { positions[Int(row)] = Int32(position) }
    self.positions = positions
    let rank = factors.item.rank
    var panels = [SIMD8<Float>](repeating: .zero, count: (candidates.count + 7) / 8 * rank)
    factors.item.values.withUnsafeBufferPointer { values in
      for (position, row) in candidates.enumerated() {
        for k in 0..<rank { panels[position / 8 * rank + k][position % 8] = values[Int(row) * rank + k] }
      }
    }
    self.panels = panels
  }

  /// The lists of some users, in their order.
  ///
  /// - Complexity: O(users · items · rank), on all cores; takes users · count scores of memory, and a row of scores for
  ///   each of a few users per core.
  package func lists(forUsers rows: ArraySlice<Int>) -> [[ScoredRow]] {
    map(rows, from: []) { scores, user in
      var best = TopN(count: count)
      for position in candidates.indices { best.offer(row: Int(candidates[position]), score: scores[position]) }
      return best.sorted
    }
  }

  /// For each of some users, how the candidates that they have not seen are ordered: the share of the pairs of a relevant and
  /// another item in which the relevant one scores higher, equal scores counting half; the area under the receiver operating
  /// characteristic. `nil` where there are no such pairs.
  ///
  /// - Parameter relevant: users × items, columns ascending and distinct, none of them seen.
  package func areasUnderCurve(forUsers rows: ArraySlice<Int>, relevant: CSRMatrix) -> [Double?] {
    map(rows, from: nil) { scores, user in area(of: scores, user: user, relevant: relevant) }
  }

  /// What `body` makes of the scores of all candidates, for each of some users, in their order; on all cores. Scores of what a user
  /// has seen are not a number, nor are those behind the last candidate.
  private func map<Value>(
    _ rows: ArraySlice<Int>, from start: Value,
    _ body: @Sendable (_ scores: UnsafeMutableBufferPointer<Float>, _ user: Int) -> Value
  ) -> [Value] {
    let rows = Array(rows)
    var values = [Value](repeating: start, count: rows.count)
    values.withUnsafeMutableBufferPointer { buffer in
      // Each worker writes the values of its own users only.
      nonisolated(unsafe) let values = buffer
      Parallel.performRanges(rows.count, grain: 8 * Self.usersPerPass) { range in
        let width = (candidates.count + 7) / 8
        var scores = [SIMD8<Float>](repeating: .zero, count: Self.usersPerPass * width)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.usersPerPass) {
          let pass = first..<min(range.upperBound, first + Self.usersPerPass)
          score(pass.map { rows[$0] }, into: &scores)
          scores.withUnsafeMutableBytes { bytes in
            let scores = bytes.bindMemory(to: Float.self)
            for (slot, index) in pass.enumerated() {
              let own = UnsafeMutableBufferPointer(rebasing: scores[slot * width * 8..<(slot + 1) * width * 8])
              forgetSeen(by: rows[index], in: own)
              values[index] = body(own, rows[index])
            }
          }
        }
      }
    }
    return values
  }

  /// Makes the scores of what a user has seen, and those behind the last candidate, no numbers: such are never kept.
  private func forgetSeen(by user: Int, in scores: UnsafeMutableBufferPointer<Float>) {
    for matrix in seen {
      for entry in matrix.entries(ofRow: user) {
        let position = Int(positions[Int(matrix.columnIndices[entry])])
        if position >= 0 { scores[position] = .nan }
      }
    }
    for position in candidates.count..<scores.count { scores[position] = .nan }
  }

  private func area(of scores: UnsafeMutableBufferPointer<Float>, user: Int, relevant: CSRMatrix) -> Double? {
    var wanted: [Float] = []
    for entry in relevant.entries(ofRow: user) {
      let position = Int(positions[Int(relevant.columnIndices[entry])])
      guard position >= 0 else { continue }
      wanted.append(scores[position])
      // What is relevant is compared with the others alone.
      scores[position] = .nan
    }
    let panels = UnsafeMutableRawBufferPointer(scores).bindMemory(to: SIMD8<Float>.self)
    var others = SIMD8<Int32>.zero
    for panel in panels { others &+= SIMD8<Int32>.zero.replacing(with: 1, where: panel .== panel) }
    let otherCount = Int(others.wrappedSum())
    guard !wanted.isEmpty, otherCount > 0 else { return nil }
    var halves = 0
    for score in wanted {
      var below = SIMD8<Int32>.zero
      for panel in panels {
        below &+= SIMD8<Int32>.zero.replacing(with: 1, where: panel .< score)
        below &+= SIMD8<Int32>.zero.replacing(with: 1, where: panel .<= score)
      }
      halves += Int(below.wrappedSum())
    }
    return Double(halves) / 2 / Double(wanted.count) / Double(otherCount)
  }

  /// Scores of all candidates for up to four users; `scores[user * panels + panel]`.
  private func score(_ users: [Int], into scores: inout [SIMD8<Float>]) {
    let rank = factors.user.rank
    let width = (candidates.count + 7) / 8
    factors.user.values.withUnsafeBufferPointer { x in
      panels.withUnsafeBufferPointer { y in
        scores.withUnsafeMutableBufferPointer { out in
          // A pass of fewer users scores its last one again, into the same place.
          let u = (0..<Self.usersPerPass).map { users[min($0, users.count - 1)] * rank }
          let slot = (0..<Self.usersPerPass).map { min($0, users.count - 1) * width }
          let (u0, u1, u2, u3) = (u[0], u[1], u[2], u[3])
          let (s0, s1, s2, s3) = (slot[0], slot[1], slot[2], slot[3])
          for panel in 0..<width {
            var (a, b, c, d) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
            let base = panel * rank
            for k in 0..<rank {
              let factor = y[base + k]
              a += x[u0 + k] * factor
              b += x[u1 + k] * factor
              c += x[u2 + k] * factor
              d += x[u3 + k] * factor
            }
            out[s0 + panel] = a
            out[s1 + panel] = b
            out[s2 + panel] = c
            out[s3 + panel] = d
          }
        }
      }
    }
  }
}
