import ALS
import ALSTestSupport
import Testing

struct RecommendationTests {
  private static let factors = Factors(
    user: FactorMatrix(rank: 2, values: [1, 0, 1, 2, 0, 0]),
    item: FactorMatrix(rank: 2, values: [3, 0, 1, 1, 0, 4, -2, 0, 0, 0]))

  @Test func `the items with the highest dot products are recommended`() {
    let list = Self.factors.recommendations(forUser: 1, count: 3)
    #expect(list == [ScoredRow(row: 2, score: 8), ScoredRow(row: 0, score: 3), ScoredRow(row: 1, score: 3)])
    #expect(Self.factors.score(user: 1, item: 2) == 8)
  }

  @Test func `excluded items are left out`() {
    let list = Self.factors.recommendations(forUser: 0, count: 2) { $0 == 0 || $0 == 4 }
    #expect(list == [ScoredRow(row: 1, score: 1), ScoredRow(row: 2, score: 0)])
    #expect(Self.factors.recommendations(forUser: 0, count: 2) { _ in true } == [])
  }

  @Test func `a list is no longer than there are items`() {
    #expect(Self.factors.recommendations(forUser: 0, count: 100).map(\.row) == [0, 1, 2, 4, 3])
    #expect(Self.factors.recommendations(forUser: 0, count: 0) == [])
  }

  @Test func `the most similar rows point the same way, whatever their length`() {
    let list = Self.factors.mostSimilar(to: 0, side: .item, count: 5)
    // Item 4 is zero and points nowhere.
    #expect(list.map(\.row) == [1, 2, 3])
    for (actual, wanted) in zip(list.map(\.score), [0.707_106_78, 0, -1]) {
      #expect(abs(Double(actual) - wanted) < 1e-6)
    }
  }

  @Test func `users are compared among users`() {
    let list = Self.factors.mostSimilar(to: 1, side: .user, count: 2)
    #expect(list.map(\.row) == [0])
    #expect(abs(Double(list[0].score) - 0.447_213_6) < 1e-6)
  }

  @Test func `nothing is similar to a row of zeros`() {
    #expect(Self.factors.mostSimilar(to: 4, side: .item, count: 3) == [])
    #expect(Self.factors.mostSimilar(to: 2, side: .user, count: 3) == [])
  }

  @Test func `the score is the dot product`() {
    let factors = Factors(user: .random(rows: 4, rank: 33, seed: 1), item: .random(rows: 5, rank: 33, seed: 2))
    for user in 0..<4 {
      for item in 0..<5 {
        let expected = zip(factors.user[user], factors.item[item]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(factors.score(user: user, item: item)) - expected) < 1e-5)
      }
    }
  }
}
