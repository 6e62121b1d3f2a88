import ALS
import Testing

struct RankedListTests {
  private static let list = RankedList(
    hits: [false, true, true, false, false, true, false, false], relevantCount: 5)

  /// By scikit-learn 1.9.1: `ndcg_score` of these places, two more relevant items behind them, and four others.
  @Test(arguments: [
    (1, 0.0), (2, 0.38685280723454163), (3, 0.5307212739772436), (6, 0.5043776700708299), (8, 0.5043776700708299),
  ])
  func `the discounted gain is scikit-learn's`(k: Int, value: Double) {
    #expect(abs(Self.list.ndcg(at: k) - value) < 1e-15)
  }

  @Test func `precision counts places, and recall what is relevant`() {
    let found = [0, 1, 2, 2, 2, 3, 3, 3]
    for k in 1...8 { #expect(Self.list.precision(at: k) == Double(found[k - 1]) / Double(k)) }
    #expect((1...8).map { Self.list.recall(at: $0) } == [0, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6])
  }

  @Test func `average precision is over the most relevant items that fit`() {
    #expect(Self.list.averagePrecision(at: 1) == 0)
    #expect(abs(Self.list.averagePrecision(at: 3) - (1.0 / 2 + 2.0 / 3) / 3) < 1e-15)
    #expect(abs(Self.list.averagePrecision(at: 8) - (1.0 / 2 + 2.0 / 3 + 3.0 / 6) / 5) < 1e-15)
  }

  @Test func `a list shorter than asked for counts its missing places as misses`() {
    let short = RankedList(hits: [true], relevantCount: 1)
    #expect(short.precision(at: 10) == 0.1)
    #expect(short.recall(at: 10) == 1 && short.ndcg(at: 10) == 1 && short.averagePrecision(at: 10) == 1)
    let empty = RankedList(hits: [], relevantCount: 2)
    #expect(empty.precision(at: 5) == 0 && empty.ndcg(at: 5) == 0 && empty.averagePrecision(at: 5) == 0)
  }
}
