import ALS

extension RatingSet {
  /// What is left without the pairs that were deleted: users and items without any rating are gone too, so that it is the set that
  /// reading the ratings that are left would give.
  func withoutDeletions() throws(RatingsIOError) -> RatingSet {
    let left = ratings.withoutDeletions
    guard left.entryCount < ratings.entryCount else { return self }
    let hasRatings = left.ratedColumns
    let rows = (0..<left.rowCount).filter { !left.entries(ofRow: $0).isEmpty }
    let (users, userRows) = try Self.index(of: rows, in: users, side: .user)
    let (items, itemRows) = try Self.index(of: hasRatings.indices.filter { hasRatings[$0] }, in: items, side: .item)
    return RatingSet(
      users: users, items: items,
      ratings: left.arranged(
        rows: Self.places(of: userRows, among: left.rowCount),
        columns: Self.places(of: itemRows, among: left.columnCount),
        rowCount: users.count, columnCount: items.count), report: report)
  }

  /// The place of each of `count` rows in a list of some; −1 for the others.
  private static func places(of rows: [Int], among count: Int) -> [Int32] {
    var places = [Int32](repeating: -1, count: count)
    for (place, row) in rows.enumerated() { places[row] = Int32(place) }
    return places
  }

  /// The ids of some rows, which ascend, in order: numerically, should only whole numbers be left; and their rows in that order.
  private static func index(
    of rows: [Int], in index: IDIndex, side: Side
  ) throws(RatingsIOError) -> (IDIndex, [Int]) {
    var bytes: [UInt8] = []
    var offsets = [0]
    for row in rows {
      index.append(row: row, to: &bytes)
      offsets.append(bytes.count)
    }
    let numbers = bytes.withUnsafeBufferPointer { bytes -> [(number: Int64, row: Int)]? in
      var numbers: [(number: Int64, row: Int)] = []
      for (place, row) in rows.enumerated() {
        let id = UnsafeBufferPointer(rebasing: bytes[offsets[place]..<offsets[place + 1]])
        guard let number = IDIndex.canonicalInteger(id) else { return nil }
        numbers.append((number, row))
      }
      return numbers.sorted { $0.number < $1.number }
    }
    do throws(ALSError) {
      if let numbers { return (try IDIndex(integers: numbers.map(\.number)), numbers.map(\.row)) }
      return (try IDIndex(utf8: bytes, offsets: offsets), rows)
    } catch {
      // Ids of an index are distinct, and part of them no more than all.
      throw .tooManyIDs(side: side.rawValue, count: rows.count)
    }
  }
}
