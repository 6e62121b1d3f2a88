import ALS
import Testing

struct MedianStoppingTests {
  private func curve(_ values: [Double]) -> [(step: Int, value: Double)] {
    values.enumerated().map { ($0.offset + 1, $0.element) }
  }

  private func rule(_ finals: [Double], isHigherBetter: Bool = false) -> MedianStopping {
    var rule = MedianStopping(isHigherBetter: isHigherBetter)
    for value in finals { rule.add(curve([value + 0.2, value + 0.1, value, value - 0.1]), round: 0) }
    return rule
  }

  @Test func `what is behind the median at its step is hopeless`() {
    let rule = rule([1, 2, 3, 4, 5])
    #expect(rule.isHopeless(curve([9, 9, 3.1]), round: 0))
    #expect(!rule.isHopeless(curve([9, 9, 3.0]), round: 0))
    #expect(!rule.isHopeless(curve([9, 2.9, 9]), round: 0), "its best counts")
    // One step later the others are better by 0.1.
    #expect(rule.isHopeless(curve([9, 9, 9, 3.0]), round: 0))
  }

  @Test func `a score is better the higher it is, where that is so`() {
    let rule = rule([1, 2, 3, 4, 5], isHigherBetter: true)
    #expect(rule.isHopeless(curve([0, 0, 3.1]), round: 0), "the others' best are their first values, 0.2 higher")
    #expect(!rule.isHopeless(curve([0, 0, 3.3]), round: 0))
  }

  @Test func `nothing is hopeless early, beside few others, or in a round of its own`() {
    #expect(!rule([1, 2, 3, 4]).isHopeless(curve([9, 9]), round: 0))
    #expect(!rule([1, 2, 3]).isHopeless(curve([9, 9, 9]), round: 0))
    #expect(rule([1, 2, 3, 4]).isHopeless(curve([9, 9, 9]), round: 0))
    #expect(!rule([1, 2, 3, 4]).isHopeless(curve([9, 9, 9]), round: 1))
  }

  @Test func `trials that were measured less often are compared by their last value before`() {
    var rule = MedianStopping(isHigherBetter: false)
    for value in 1...4 { rule.add([(5, Double(value)), (10, 0)], round: 0) }
    #expect(rule.isHopeless([(7, 2.6)], round: 0))
    #expect(!rule.isHopeless([(7, 2.4)], round: 0))
    #expect(!rule.isHopeless([(4, 9)], round: 0), "nobody has come so far")
  }
}
