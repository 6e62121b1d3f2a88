import ALS

/// Rows in slices whose matrices fit the scratch memory at a time: each chunk of a row's ratings has a slot of its own there, and
/// the slots are used again by the next slice.
package struct RowSlices {
  /// Ranges of ``RowSlices/chunks`` and ``RowSlices/rows``.
  package struct Slice: Equatable {
    package var chunks: Range<Int>
    package var rows: Range<Int>
  }

  /// (row, first rating within the row, number of ratings, slot).
  package private(set) var chunks: [SIMD4<UInt32>] = []
  /// (row, first slot, number of slots, 0).
  package private(set) var rows: [SIMD4<UInt32>] = []
  package private(set) var slices: [Slice] = []
  /// Slots that the largest slice uses.
  package private(set) var slotCount = 0

  /// Cuts rows into chunks of at most `shortestChunk` ratings, or longer ones where a row would not fit `mostSlots`.
  package init(_ matrix: some RatingRows, rows order: some Collection<Int32>, shortestChunk: Int, mostSlots: Int) {
    var slot = 0
    var (firstChunk, firstRow) = (0, 0)
    func close(_ slices: inout [Slice], _ chunkCount: Int, _ rowCount: Int) {
      if rowCount > firstRow { slices.append(Slice(chunks: firstChunk..<chunkCount, rows: firstRow..<rowCount)) }
      (slot, firstChunk, firstRow) = (0, chunkCount, rowCount)
    }
    for row in order {
      let length = matrix.entries(ofRow: Int(row)).count
      let parts = min(mostSlots, ChunkPlan.parts(length, chunkLength: shortestChunk))
      if slot + parts > mostSlots { close(&slices, chunks.count, rows.count) }
      rows.append(SIMD4(UInt32(row), UInt32(slot), UInt32(parts), 0))
      for part in ChunkPlan.ranges(length, parts: parts) {
        chunks.append(SIMD4(UInt32(row), UInt32(part.lowerBound), UInt32(part.count), UInt32(slot)))
        slot += 1
      }
      slotCount = max(slotCount, slot)
    }
    close(&slices, chunks.count, rows.count)
  }
}
