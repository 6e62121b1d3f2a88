import ALS
import ALSTestSupport
import Testing

struct TopNTests {
  private func best(_ count: Int, of scores: [Float], order: [Int]? = nil) -> [Int] {
    var best = TopN(count: count)
    for row in order ?? Array(scores.indices) { best.offer(row: row, score: scores[row]) }
    return best.sorted.map(\.row)
  }

  @Test func `the highest scores come first`() {
    var best = TopN(count: 2)
    for (row, score) in [Float(1), 5, 3].enumerated() { best.offer(row: row, score: score) }
    #expect(best.sorted == [ScoredRow(row: 1, score: 5), ScoredRow(row: 2, score: 3)])
  }

  @Test func `equal scores come in row order, whatever the order they were offered in`() {
    #expect(best(3, of: [2, 2, 2, 2, 2]) == [0, 1, 2])
    #expect(best(3, of: [2, 2, 2, 2, 2], order: [4, 2, 0, 3, 1]) == [0, 1, 2])
    #expect(best(3, of: [2, 7, 2, 2, 2], order: [3, 2, 4, 1, 0]) == [1, 0, 2])
  }

  @Test func `a score that is not a number is never kept`() {
    #expect(best(4, of: [.nan, 1, .nan, 2]) == [3, 1])
    #expect(best(1, of: [.nan]) == [])
  }

  @Test func `infinite scores are ordered like others`() {
    #expect(best(3, of: [-.infinity, 0, .infinity]) == [2, 1, 0])
  }

  @Test func `nothing is kept for a count of zero or less`() {
    #expect(best(0, of: [1, 2]) == [])
    #expect(best(-1, of: [1, 2]) == [])
  }

  @Test func `a count beyond the rows keeps all of them`() {
    #expect(best(10, of: [1, 3, 2]) == [1, 2, 0])
    #expect(best(.max, of: [1, 3, 2]) == [1, 2, 0])
  }

  @Test(arguments: [1, 2, 3, 10, 64, 999, 1000, 2000], [UInt64(1), 2])
  func `the kept rows equal those of a full sort`(count: Int, seed: UInt64) {
    // Few different values, so that there are many ties.
    let scores = FactorMatrix.random(rows: 1000, rank: 1, seed: seed).values.map { ($0 * 20).rounded() }
    let sorted = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    #expect(best(count, of: scores) == Array(sorted.prefix(count)))
    #expect(best(count, of: scores, order: scores.indices.reversed()) == Array(sorted.prefix(count)))
  }
}
