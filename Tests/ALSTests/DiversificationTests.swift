import ALS
import Testing

struct DiversificationTests {
  /// Items 0, 1 and 2 point the same way, 3 across, 4 against the first; 5 has no factors.
  private static let factors = FactorMatrix(rank: 2, values: [1, 0, 2, 0, 3, 0, 0, 1, -1, 0, 0, 0])

  private static let candidates = [0, 1, 2, 3, 4, 5].map { ScoredRow(row: $0, score: Float(10 - $0)) }

  private func rows(_ weight: Double, _ count: Int, _ candidates: [ScoredRow] = candidates) -> [Int] {
    Diversification(factors: Self.factors, weight: weight).chosen(count, from: candidates).map(\.row)
  }

  @Test func `without a weight the order stays`() {
    #expect(rows(0, 6) == [0, 1, 2, 3, 4, 5])
    #expect(rows(0, 2) == [0, 1])
  }

  @Test func `what is alike gives way to what is not`() {
    // Relevance falls by 0.2 a place. Weight 0.5: after item 0, item 1 is worth 0.4 − 0.5, item 3 0.2, item 4 0.1 + 0.5.
    #expect(rows(0.5, 3) == [0, 4, 3])

  }

  @Test func `all weight on variety still begins with the best`() {
    #expect(rows(1, 2) == [0, 4])
  }

  @Test func `scores stay those of the model, and short lists are no trouble`() {
    let chosen = Diversification(factors: Self.factors, weight: 0.5).chosen(3, from: Self.candidates)
    #expect(chosen.map(\.score) == [10, 6, 7])
    #expect(rows(0.5, 4, []) == [])
    #expect(rows(0.5, 4, [ScoredRow(row: 3, score: 1)]) == [3])
    #expect(rows(0.5, 3, [0, 1, 3].map { ScoredRow(row: $0, score: 2) }) == [0, 3, 1], "equal scores: variety alone")
  }

  @Test(arguments: [(1, 50), (10, 50), (20, 100), (300, 1000), (5000, 5000)])
  func `there are candidates enough`(count: Int, candidates: Int) {
    #expect(Diversification.candidateCount(for: count) == candidates)
  }
}
