import ALS
import Testing

struct ALSErrorTests {
  @Test(arguments: [
    (
      error: ALSError.invalidParameter(name: "rank", value: "0", requirement: "at least 1"),
      words: ["--rank", "is 0", "must be at least 1"]
    ),
    (.singularSystem(side: .user, row: 4, id: "bob"), ["user bob", "raise --regularization", "lower --rank"]),
    (.singularSystem(side: .item, row: 4, id: nil), ["item row 4", "raise --regularization"]),
    (.overflow(side: .item, row: 0, id: "-99"), ["item -99", "--rating-map", "lower --alpha"]),
    (.overflow(side: .user, row: 12, id: nil), ["user row 12", "overflow"]),
    (.nothingHeldOut, ["--early-stopping", "--test", "--holdout"]),
    (.noRatings, ["no ratings", "check the input", "--rating-map", "--drop-items", "--holdout"]),
    (.duplicateID("7"), ["\"7\"", "must be distinct"]),
    (.tooManyRows(count: 3_000_000_000), ["3000000000", "2147483647"]),
    (.noSparkStart(id: "anna"), ["\"anna\"", "-2147483648 to 2147483647", "leave out --initialization spark"]),
    (.noSparkStart(id: nil), ["ids of users", "TrainingData"]),
    (.stateMismatch("the saved user factors are 2 × 3, not 2 × 4"), ["2 × 3, not 2 × 4", "without --resume"]),
  ])
  func `a message says what, where and what to do`(expected: (error: ALSError, words: [String])) {
    for word in expected.words {
      #expect(expected.error.description.contains(word), "\(expected.error.description)")
    }
    #expect(!expected.error.description.contains("\n"))
  }
}
