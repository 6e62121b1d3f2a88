/// How much of a total the largest parts have: a Lorenz curve, from the top.
struct Concentration {
  /// Percent of the parts, the largest first, and percent of the total that they have together.
  var curve: [(x: Double, y: Double)]
  /// Parts that have half of the total.
  var itemsOfHalf: Int

  private static let steps = 50

  /// `nil` where all parts are zero.
  init?(_ counts: [Int]) {
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    let sorted = counts.sorted(by: >)
    curve = [(0, 0)]
    itemsOfHalf = 0
    var sum = 0
    var next = 1
    for (index, count) in sorted.enumerated() {
      if 2 * sum < total { itemsOfHalf = index + 1 }
      sum += count
      while next <= Self.steps, (index + 1) * Self.steps >= next * sorted.count {
        curve.append((100 * Double(index + 1) / Double(sorted.count), 100 * Double(sum) / Double(total)))
        // Fewer parts than steps: one point each.
        next = max(next, (index + 1) * Self.steps / sorted.count) + 1
      }
    }
  }
}
