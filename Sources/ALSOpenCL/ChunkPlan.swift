import ALS

/// Which work-group computes what: rows up to `chunkLength` ratings are one chunk, longer ones several.
package struct ChunkPlan {
  /// Number of rows above `chunkLength` ratings, and of the parts that they are cut into.
  static func longRows(of matrix: some RatingRows, chunkLength: Int) -> (rows: Int, parts: Int) {
    var rows = 0
    var parts = 0
    for row in 0..<matrix.rowCount {
      let length = matrix.entries(ofRow: row).count
      if length > chunkLength {
        rows += 1
        parts += (length + chunkLength - 1) / chunkLength
      }
    }
    return (rows, parts)
  }

  /// Ratings of a chunk of a long row.
  package let chunkLength: Int
  /// (row, index of the chunk within the row, partial slot + 1 or 0 for a whole row, 0), longest rows first.
  package private(set) var chunks: [SIMD4<UInt32>] = []
  /// (row, first slot, number of slots, 0).
  package private(set) var longRows: [SIMD4<UInt32>] = []
  /// Number of slots for the parts of long rows.
  package private(set) var slotCount = 0

  /// Cuts long rows into chunks of `shortestChunk` ratings, doubled until no more than `mostSlots` parts are left, or no row
  /// is cut.
  package init(_ matrix: some RatingRows, shortestChunk: Int, mostSlots: Int) {
    let rows = matrix.rowsByDescendingLength
    func parts(_ row: Int32, _ chunkLength: Int) -> Int {
      let length = matrix.entries(ofRow: Int(row)).count
      return length > chunkLength ? (length + chunkLength - 1) / chunkLength : 0
    }
    func slots(_ chunkLength: Int) -> Int {
      var count = 0
      for row in rows {
        let partsOfRow = parts(row, chunkLength)
        if partsOfRow == 0 { break }
        count += partsOfRow
      }
      return count
    }
    var chunkLength = shortestChunk
    while slots(chunkLength) > mostSlots { chunkLength *= 2 }
    self.chunkLength = chunkLength

    chunks.reserveCapacity(rows.count)
    for row in rows {
      let partsOfRow = parts(row, chunkLength)
      if partsOfRow == 0 {
        chunks.append(SIMD4(UInt32(row), 0, 0, 0))
        continue
      }
      longRows.append(SIMD4(UInt32(row), UInt32(slotCount), UInt32(partsOfRow), 0))
      for part in 0..<partsOfRow {
        chunks.append(SIMD4(UInt32(row), UInt32(part), UInt32(slotCount + part + 1), 0))
      }
      slotCount += partsOfRow
    }
  }
}
