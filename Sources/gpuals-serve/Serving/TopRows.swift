import ALS

/// The most popular of the rows that are offered.
struct TopRows {
  private var best: TopN
  private let popularity: [Int32]

  /// Keeps up to `count` rows.
  init(count: Int, popularity: [Int32]) {
    best = TopN(count: count)
    self.popularity = popularity
  }

  /// Offers a row.
  mutating func offer(_ row: Int) { best.offer(row: row, score: Float(popularity[row])) }

  /// The kept rows, the most popular first, equal ones in row order.
  var rows: [Int] { best.sorted.map(\.row) }
}
