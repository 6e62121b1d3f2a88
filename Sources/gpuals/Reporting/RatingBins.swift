/// Ratings counted by value, or by ranges of values where there are many.
struct RatingBins {
  var names: [String]
  var counts: [Int]
  /// What the names are.
  var label: String

  private static let mostValues = 24

  /// 1, 2 or 5 times a power of ten, so that there are at most as many ranges as single values would be shown.
  private static func width(of span: Float) -> Float {
    var power: Float = 1
    while power * Float(mostValues - 2) >= span { power /= 10 }
    while true {
      for step: Float in [1, 2, 5] where step * power * Float(mostValues - 2) >= span { return step * power }
      power *= 10
    }
  }

  /// `nil` without ratings.
  init?(_ values: [Float]) {
    var distinct: [Float: Int] = [:]
    for value in values {
      distinct[value, default: 0] += 1
      // What varies more is counted in ranges.
      if distinct.count > 10_000 { break }
    }
    guard let low = values.min(), let high = values.max() else { return nil }
    label = "rating"
    if distinct.count <= Self.mostValues {
      let sorted = distinct.sorted { $0.key < $1.key }
      names = sorted.map { Quantity.plain($0.key) }
      counts = sorted.map(\.value)
      return
    }
    let isWhole = distinct.keys.allSatisfy { $0 == $0.rounded() }
    var bounds: [Float] = []
    if low >= 1, high / low > 200 {
      // Counts of plays: a few hear a song a thousand times.
      var bound: Float = 1
      while bound <= high {
        bounds.append(bound)
        bound *= 2
      }
    } else {
      let width = Self.width(of: isWhole ? high - low + 1 : high - low)
      let first = (low / width).rounded(.down)
      for index in 0..<Self.mostValues where (first + Float(index)) * width <= high {
        bounds.append((first + Float(index)) * width)
      }
    }
    counts = [Int](repeating: 0, count: bounds.count)
    for value in values {
      var bin = bounds.count - 1
      while bin > 0, bounds[bin] > value { bin -= 1 }
      counts[bin] += 1
    }
    names = bounds.enumerated().map { index, bound in
      guard isWhole, index + 1 < bounds.count, bounds[index + 1] - bound > 1 else {
        return isWhole && index + 1 == bounds.count && high > bound
          ? "\(Quantity.plain(bound))–\(Quantity.plain(high))"
          : isWhole ? Quantity.plain(bound) : Quantity.significant(Double(bound))
      }
      return "\(Quantity.plain(bound))–\(Quantity.plain(bounds[index + 1] - 1))"
    }
    if !isWhole { label = "rating, from" }
  }
}
