import ALS
import Testing

struct FeedbackTests {
  @Test(arguments: [-2.0, 0, 0.5, 3])
  func `an explicit rating weighs one in the Gramian and itself on the right side`(rating: Double) {
    let feedback = Feedback.explicit
    #expect(!feedback.isImplicit)
    #expect(feedback.gramianWeight(of: rating) == 1)
    #expect(feedback.rightSideWeight(of: rating) == rating)
    #expect(feedback.target(of: Float(rating)) == Float(rating))
    #expect(feedback.counts(Float(rating)))
  }

  @Test(arguments: [
    (rating: 3.0, gramian: 6.0, rightSide: 7.0, target: Float(1), counts: true),
    (0.25, 0.5, 1.5, 1, true),
    (0, 0, 0, 0, false),
    (-3, 6, 0, 0, false),
  ])
  func `an implicit rating is a confidence in a preference`(
    expected: (rating: Double, gramian: Double, rightSide: Double, target: Float, counts: Bool)
  ) {
    let feedback = Feedback.implicit(alpha: 2)
    #expect(feedback.isImplicit)
    #expect(feedback.gramianWeight(of: expected.rating) == expected.gramian)
    #expect(feedback.rightSideWeight(of: expected.rating) == expected.rightSide)
    #expect(feedback.target(of: Float(expected.rating)) == expected.target)
    #expect(feedback.counts(Float(expected.rating)) == expected.counts)
  }

  @Test func `an alpha of zero leaves the preference and takes the confidence`() {
    #expect(Feedback.implicit(alpha: 0).gramianWeight(of: 5) == 0)
    #expect(Feedback.implicit(alpha: 0).rightSideWeight(of: 5) == 1)
  }
}
