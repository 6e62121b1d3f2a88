import ALS

/// Which work-group, or team of a work-group, computes what: rows up to `chunkLength` ratings are one chunk, longer ones several
/// of about equal length.
package struct ChunkPlan {
  /// Number of rows above `chunkLength` ratings, and of the parts that they are cut into.
  static func longRows(of matrix: some RatingRows, chunkLength: Int) -> (rows: Int, parts: Int) {
    var (rows, parts) = (0, 0)
    for row in 0..<matrix.rowCount {
      let partsOfRow = Self.parts(matrix.entries(ofRow: row).count, chunkLength: chunkLength)
      if partsOfRow > 1 {
        rows += 1
        parts += partsOfRow
      }
    }
    return (rows, parts)
  }

  /// Ratings of a chunk at most.
  package let chunkLength: Int
  /// (row, first rating within the row, number of ratings, partial slot + 1 or 0 for a whole row), longest rows first.
  package private(set) var chunks: [SIMD4<UInt32>] = []
  /// (row, first slot, number of slots, 0).
  package private(set) var longRows: [SIMD4<UInt32>] = []
  /// Number of slots for the parts of long rows.
  package private(set) var slotCount = 0

  /// Cuts long rows into chunks of `shortestChunk` ratings, doubled until no more than `mostSlots` parts are left, or no row
  /// is cut.
  ///
  /// - Parameter rows: the rows to plan for, longest first.
  package init(_ matrix: some RatingRows, rows: some Collection<Int32>, shortestChunk: Int, mostSlots: Int) {
    func length(_ row: Int32) -> Int { matrix.entries(ofRow: Int(row)).count }
    func slots(_ chunkLength: Int) -> Int {
      var count = 0
      for row in rows {
        let parts = Self.parts(length(row), chunkLength: chunkLength)
        if parts == 1 { break }
        count += parts
      }
      return count
    }
    var chunkLength = shortestChunk
    while slots(chunkLength) > mostSlots { chunkLength *= 2 }
    self.chunkLength = chunkLength

    chunks.reserveCapacity(rows.count)
    for row in rows {
      let length = length(row)
      let parts = Self.parts(length, chunkLength: chunkLength)
      if parts == 1 {
        chunks.append(SIMD4(UInt32(row), 0, UInt32(length), 0))
        continue
      }
      longRows.append(SIMD4(UInt32(row), UInt32(slotCount), UInt32(parts), 0))
      for part in Self.ranges(length, parts: parts) {
        slotCount += 1
        chunks.append(SIMD4(UInt32(row), UInt32(part.lowerBound), UInt32(part.count), UInt32(slotCount)))
      }
    }
  }

  /// Parts of a row with `length` ratings: 1 if it stays whole.
  package static func parts(_ length: Int, chunkLength: Int) -> Int {
    max(1, (length + chunkLength - 1) / chunkLength)
  }

  /// The ratings of each of `parts` parts of a row with `length` ratings; their lengths differ by one at most.
  package static func ranges(_ length: Int, parts: Int) -> [Range<Int>] {
    (0..<parts).map { length * $0 / parts..<length * ($0 + 1) / parts }
  }
}
