import ALS
import ALSTestSupport
import Testing

struct TrainingDataTests {
  @Test func `a matrix without entries is nothing to train on`() {
    #expect(throws: ALSError.noRatings) { try TrainingData(ratings: CSRMatrix(rows: 3, columns: 2, [])) }
    #expect(throws: ALSError.noRatings) { try TrainingData(ratings: CSRMatrix(rows: 0, columns: 0, [])) }
  }

  @Test func `both orientations hold the same ratings`() throws {
    let ratings = CSRMatrix.random(rows: 20, columns: 10, density: 0.3)
    let data = try TrainingData(ratings: ratings)
    #expect(data.byUser == ratings && data.byItem == ratings.transposed())
    #expect(data[.user] == data.byUser && data[.item] == data.byItem)
    #expect(data.heldOut == nil)
  }

  @Test func `held-out ratings of users or items without training ratings are left out`() throws {
    let ratings = CSRMatrix(rows: 4, columns: 3, [(0, 0, 1), (1, 1, 2), (3, 0, 3)])  // not user 2, not item 2
    let heldOut = CSRMatrix(
      rows: 4, columns: 3, [(0, 1, 4), (0, 2, 5), (1, 0, 6), (2, 0, 7), (2, 1, 8), (3, 1, 9), (3, 2, 10)])
    let kept = try #require(try TrainingData(ratings: ratings, heldOut: heldOut).heldOut)
    #expect(kept == CSRMatrix(rows: 4, columns: 3, [(0, 1, 4), (1, 0, 6), (3, 1, 9)]))
  }

  /// User 0 has 4 ratings, two of them positive; user 1 has one, user 2 none.
  private static let ratings = CSRMatrix(
    rows: 3, columns: 4, [(0, 0, 3), (0, 1, -2), (0, 2, 0), (0, 3, 1), (1, 1, -1)])

  private func regularization(_ side: Side, exponent: Double, _ feedback: Feedback = .explicit) throws -> [Float] {
    try TrainingData(ratings: Self.ratings).regularization(
      of: side,
      parameters: ALSParameters(regularization: 0.5, regularizationExponent: exponent, feedback: feedback))
  }

  @Test(arguments: [(0.0, Float(0.5)), (0.5, 1), (1, 2), (1.5, 4), (2, 8)])
  func `the regularization of a row is lambda times its number of ratings to the exponent`(
    exponent: Double, ofFour: Float
  ) throws {
    let emptyRow: Float = exponent == 0 ? 0.5 : 0
    #expect(try regularization(.user, exponent: exponent) == [ofFour, 0.5, emptyRow])
  }

  @Test func `items have numbers of ratings of their own`() throws {
    #expect(try regularization(.item, exponent: 1) == [0.5, 1, 0.5, 0.5])
  }

  @Test func `implicit training counts positive ratings only`() throws {
    #expect(try regularization(.user, exponent: 1, .implicit(alpha: 1)) == [1, 0, 0])
    #expect(try regularization(.user, exponent: 2, .implicit(alpha: 1)) == [2, 0, 0])
    #expect(try regularization(.item, exponent: 1, .implicit(alpha: 1)) == [0.5, 0, 0, 0.5])
    #expect(try regularization(.user, exponent: 0, .implicit(alpha: 1)) == [0.5, 0.5, 0.5])
  }

  @Test func `lambda is rounded once, from 64 bits`() throws {
    let data = try TrainingData(ratings: CSRMatrix(rows: 1, columns: 3, (0..<3).map { (0, $0, 1) }))
    let parameters = try ALSParameters(regularization: 0.1, regularizationExponent: 1)
    #expect(data.regularization(of: .user, parameters: parameters) == [Float(0.1 * 3.0)])
  }
}
