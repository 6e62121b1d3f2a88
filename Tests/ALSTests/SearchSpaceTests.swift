import ALS
import Testing

struct SearchSpaceTests {
  @Test func `a grid holds every combination once, in order`() {
    let space = SearchSpace([.rank: .list([8, 16, 8]), .regularization: .list([0.1, 0.2])])
    #expect(
      space.grid == [
        [.rank: 8, .regularization: 0.1], [.rank: 8, .regularization: 0.2], [.rank: 16, .regularization: 0.1],
        [.rank: 16, .regularization: 0.2],
      ])
    #expect(SearchSpace().grid == [[:]])
    #expect(SearchSpace([.rank: .range(1...2)]).grid == nil)
  }

  @Test func `a sample of lists is drawn without repetition, up to all of them`() throws {
    let space = SearchSpace([.rank: .list([1, 2, 3, 4]), .alpha: .list([1, 10, 40])])
    let some = space.sample(5, seed: 1)
    #expect(Set(some).count == 5)
    #expect(some == space.sample(5, seed: 1) && some != space.sample(5, seed: 2))
    #expect(Set(space.sample(100, seed: 1)) == Set(try #require(space.grid)))
  }

  @Test func `numbers out of ranges keep to them, and every order of magnitude gets its share`() {
    let space = SearchSpace([
      .regularization: .range(0.001...1), .rank: .range(4...7), .regularizationExponent: .range(0...2),
    ])
    let points = space.sample(3000, seed: 7)
    #expect(points.count == 3000)
    var byDecade = [0, 0, 0]
    for point in points {
      let value = point[.regularization] ?? 0
      #expect((0.001...1).contains(value))
      byDecade[value < 0.01 ? 0 : value < 0.1 ? 1 : 2] += 1
    }
    #expect(byDecade.allSatisfy { abs($0 - 1000) < 120 }, "\(byDecade)")
    #expect(Set(points.map { $0[.rank] }) == [4, 5, 6, 7])
    let below = points.count { ($0[.regularizationExponent] ?? 0) < 1 }
    #expect(abs(below - 1500) < 150, "an exponent is drawn evenly: \(below)")
  }

  @Test func `a range of few numbers ends when they are all drawn`() {
    let points = SearchSpace([.rank: .range(3...5)]).sample(50, seed: 1)
    #expect(points.map { $0[.rank] ?? 0 }.sorted() == [3, 4, 5])
  }

  @Test func `values are set and checked at the one door`() throws {
    let base = try ALSParameters(feedback: .implicit(alpha: 3), seed: 9, precision: .float16, earlyStopping: 2)
    let changed = try base.setting([.rank: 7, .alpha: 40, .initialNorm: 0.1])
    #expect(changed[.rank] == 7 && changed[.alpha] == 40 && changed[.initialNorm] == 0.1)
    #expect(changed.seed == 9 && changed.precision == .float16 && changed.earlyStopping == 2)
    #expect(changed[.regularization] == base.regularization)
    #expect(throws: ALSError.self) { try base.setting([.rank: 7.5]) }
    #expect(throws: ALSError.self) { try base.setting([.rank: 0]) }
    let explicit = try ALSParameters().setting([.alpha: 40])
    #expect(explicit == (try ALSParameters()) && explicit[.alpha] == nil)
    let short = try base.ending(after: 4)
    #expect(short.iterations == 4 && short.earlyStopping == nil && short.feedback == base.feedback)
  }
}
