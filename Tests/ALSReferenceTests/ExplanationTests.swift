import ALS
import ALSReference
import ALSTestSupport
import Testing

struct ExplanationTests {
  private static let ratings = CSRMatrix.random(rows: 15, columns: 12, density: 0.5, values: [-1, 1, 2, 4])

  /// After a whole iteration the user factors solve their equations for the items' factors as they are.
  @Test(arguments: [
    (Feedback.explicit, false, false), (.explicit, true, false), (.explicit, false, true), (.explicit, true, true),
    (.implicit(alpha: 3), false, false), (.implicit(alpha: 3), true, false),
  ])
  func `contributions add up to the score`(feedback: Feedback, nonnegative: Bool, biases: Bool) throws {
    let parameters = try ALSParameters(
      rank: 4, iterations: 2, feedback: feedback, nonnegative: nonnegative, biases: biases)
    let factors = try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: Self.ratings)).state.factors
    let scores = factors.withBiasesAsFactors
    for user in 0..<15 where !Self.ratings.entries(ofRow: user).isEmpty {
      for item in 0..<12 {
        let explanation = try #require(
          Explanation(user: user, item: item, ratings: Self.ratings, factors: factors, parameters: parameters))
        #expect(explanation.contributions.map(\.entry) == Array(Self.ratings.entries(ofRow: user)))
        let score = Double(scores.score(user: user, item: item))
        #expect(abs(explanation.score - score) < 1e-5, "user \(user), item \(item)")
      }
    }
  }

  @Test func `one rating explains everything`() throws {
    // A = 1·1 + 0.5, b = 3·1: x = 2, and the score of an item with factor 4 is 8.
    let factors = Factors(user: FactorMatrix(rank: 1, values: [2]), item: FactorMatrix(rank: 1, values: [1, 4]))
    let explanation = try #require(
      Explanation(
        user: 0, item: 1, ratings: CSRMatrix(rows: 1, columns: 2, [(0, 0, 3)]), factors: factors,
        parameters: ALSParameters(rank: 1, regularization: 0.5)))
    #expect(explanation.contributions.map(\.entry) == [0] && abs(explanation.contributions[0].value - 8) < 1e-12)
    #expect(explanation.base == 0)
  }

  @Test func `in implicit feedback what is not liked adds nothing`() throws {
    let factors = Factors(user: FactorMatrix(rank: 1, values: [1]), item: FactorMatrix(rank: 1, values: [1, 2, 3]))
    let explanation = try #require(
      Explanation(
        user: 0, item: 2, ratings: CSRMatrix(rows: 1, columns: 3, [(0, 0, -2), (0, 1, 2)]), factors: factors,
        parameters: ALSParameters(rank: 1, regularization: 0.5, feedback: .implicit(alpha: 1))))
    #expect(explanation.contributions[0].value == 0)
    // A = 14 + 2·1 + 2·4 + 0.5; b = 3·2.
    #expect(abs(explanation.contributions[1].value - 3 * 6 / 24.5) < 1e-12)
  }
}
