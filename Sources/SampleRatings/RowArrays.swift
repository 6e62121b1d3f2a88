/// Collects the rows of consecutive listeners as entries of a CSR matrix. What is no rating of an artist is left out: the code
/// "never play again", and the odd artists.
struct RowArrays: RowSink {
  /// Artist indices, ascending within a listener.
  private(set) var columns: [Int32] = []
  /// Ratings, 0 to 100.
  private(set) var values: [Float] = []
  /// Number of entries of each listener.
  private(set) var lengths: [Int]
  private let firstUser: Int

  /// For listeners `users` (0-based), with room for `rows` rows.
  init(users: Range<Int>, rows: Int) {
    firstUser = users.lowerBound + 1
    lengths = [Int](repeating: 0, count: users.count)
    columns.reserveCapacity(rows)
    values.reserveCapacity(rows)
  }

  mutating func append(user: Int, item: Int, rating: Int) {
    guard item >= Catalogue.firstID, rating != Audience.neverAgain else { return }
    columns.append(Int32(item - Catalogue.firstID))
    values.append(Float(rating))
    lengths[user - firstUser] += 1
  }
}
