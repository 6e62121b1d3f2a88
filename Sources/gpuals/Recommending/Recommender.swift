import ALS

/// Lists of the best items for many users at once.
///
/// The factors of the candidates lie in panels of eight items, so that eight scores are added up side by side; each score
/// is still the sum in index order that `Factors.score(user:item:)` gives, bit for bit.
struct Recommender: Sendable {
  private let factors: Factors
  /// Rows of the items that may be recommended, ascending.
  private let candidates: [Int32]
  /// Position of an item's row among the candidates; -1 where it is none.
  private let positions: [Int32]
  /// `panels[(panel * rank + k)][lane]` is factor k of candidate `panel * 8 + lane`.
  private let panels: [SIMD8<Float>]
  /// Ratings (users × items) whose items are left out for their users.
  private let seen: [CSRMatrix]
  /// Length of the lists.
  private let count: Int

  /// Users scored together: each panel is read once for all of them.
  private static let usersPerPass = 4

  /// Arranges the factors; O(items · rank).
  ///
  /// - Parameters:
  ///   - allowed: for each item's row whether it may be recommended.
  ///   - seen: ratings in the model's row space; an item is not recommended to a user with an entry for it.
  init(factors: Factors, allowed: [Bool], seen: [CSRMatrix], count: Int) {
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
  func lists(forUsers rows: ArraySlice<Int>) -> [[ScoredRow]] {
    let rows = Array(rows)
    var lists = [[ScoredRow]](repeating: [], count: rows.count)
    lists.withUnsafeMutableBufferPointer { buffer in
      // Each worker writes the lists of its own users only.
      nonisolated(unsafe) let lists = buffer
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
              lists[index] = best(of: own, user: rows[index])
            }
          }
        }
      }
    }
    return lists
  }

  /// For each of some users, how the candidates that they have not seen are ordered: the share of the pairs of a relevant and
  /// another item in which the relevant one scores higher, equal scores counting half; the area under the receiver operating
  /// characteristic. `nil` where there are no such pairs.
  ///
  /// - Parameter relevant: users × items, columns ascending and distinct, none of them seen.
  func areasUnderCurve(forUsers rows: [Int], relevant: CSRMatrix) -> [Double?] {
    var areas = [Double?](repeating: nil, count: rows.count)
    areas.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let areas = buffer
      Parallel.performRanges(rows.count, grain: 8 * Self.usersPerPass) { range in
        let width = (candidates.count + 7) / 8
        var scores = [SIMD8<Float>](repeating: .zero, count: Self.usersPerPass * width)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.usersPerPass) {
          let pass = first..<min(range.upperBound, first + Self.usersPerPass)
          score(pass.map { rows[$0] }, into: &scores)
          scores.withUnsafeMutableBufferPointer { scores in
            for (slot, index) in pass.enumerated() {
              let own = UnsafeMutableBufferPointer(rebasing: scores[slot * width..<(slot + 1) * width])
              areas[index] = area(of: own, user: rows[index], relevant: relevant)
            }
          }
        }
      }
    }
    return areas
  }

  private func area(of scores: UnsafeMutableBufferPointer<SIMD8<Float>>, user: Int, relevant: CSRMatrix) -> Double? {
    func forget(_ position: Int) { scores[position / 8][position % 8] = .nan }
    for matrix in seen {
      for entry in matrix.entries(ofRow: user) {
        let position = Int(positions[Int(matrix.columnIndices[entry])])
        if position >= 0 { forget(position) }
      }
    }
    // Lanes behind the last candidate.
    for position in candidates.count..<max(candidates.count, scores.count * 8) { forget(position) }
    var wanted: [Float] = []
    for entry in relevant.entries(ofRow: user) {
      let position = Int(positions[Int(relevant.columnIndices[entry])])
      guard position >= 0 else { continue }
      wanted.append(scores[position / 8][position % 8])
      // What is relevant is compared with the others alone.
      forget(position)
    }
    var others = SIMD8<Int32>.zero
    for panel in scores { others &+= SIMD8<Int32>.zero.replacing(with: 1, where: panel .== panel) }
    let otherCount = Int(others.wrappedSum())
    guard !wanted.isEmpty, otherCount > 0 else { return nil }
    var halves = 0
    for score in wanted {
      var below = SIMD8<Int32>.zero
      for panel in scores {
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

  /// The best of a row of scores, without what the user has seen.
  private func best(of scores: UnsafeMutableBufferPointer<Float>, user: Int) -> [ScoredRow] {
    for matrix in seen {
      for entry in matrix.entries(ofRow: user) {
        let position = Int(positions[Int(matrix.columnIndices[entry])])
        // A score that is not a number is never kept.
        if position >= 0 { scores[position] = .nan }
      }
    }
    var best = TopN(count: count)
    for position in candidates.indices { best.offer(row: Int(candidates[position]), score: scores[position]) }
    return best.sorted
  }
}
