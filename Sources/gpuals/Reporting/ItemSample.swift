/// The items that a chart has room for, and what holds of all.
struct ItemSample {
  /// Rows of the items that are shown: recommended to somebody, and rated.
  var items: [Int]
  /// Whether all such are.
  var isWhole: Bool
  /// Items that nobody is recommended.
  var neverRecommended: Int
  /// What the most popular tenth of the items has of the ratings, and of the places in lists.
  var popularShareOfRatings: Double
  var popularShareOfLists: Double

  private static let mostItems = 1500

  init(popularities: [Int], frequencies: [Int]) {
    let shown = popularities.indices.filter { popularities[$0] > 0 && frequencies[$0] > 0 }
    neverRecommended = frequencies.count { $0 == 0 }
    isWhole = shown.count <= Self.mostItems
    if isWhole {
      items = shown
    } else {
      // The most recommended ones, for they matter most, and of the others each so-manieth.
      let ranked = shown.sorted { (-frequencies[$0], $0) < (-frequencies[$1], $1) }
      let top = ranked.prefix(Self.mostItems / 3)
      let rest = ranked.dropFirst(Self.mostItems / 3)
      let step = (rest.count + Self.mostItems * 2 / 3 - 1) / (Self.mostItems * 2 / 3)
      items = Array(top) + rest.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }
    let byPopularity = popularities.indices.sorted { (-popularities[$0], $0) < (-popularities[$1], $1) }
    let tenth = byPopularity.prefix(max(1, popularities.count / 10))
    func share(_ counts: [Int]) -> Double {
      Double(tenth.reduce(0) { $0 + counts[$1] }) / Double(max(1, counts.reduce(0, +)))
    }
    popularShareOfRatings = share(popularities)
    popularShareOfLists = share(frequencies)
  }
}
