/// Ranges of equally many consecutive rows, a power of two, into which ratings are partitioned before they are sorted.
struct RowRanges: Sendable {
  /// Rows of a range: 2 to the power of this. At most 16, so that a row within its range takes two bytes.
  let shift: Int
  /// How many ranges there are.
  let count: Int
  /// Bits of a column; together with `shift` at most 32, so that row and column within a range are one 32-bit key.
  let columnBits: Int

  /// More ranges would be written to at once than the cache has room for.
  private static let maximumCount = 2048

  /// - Parameter target: ratings that a range should hold: few enough to stay in the cache.
  init(rowCount: Int, columnCount: Int, ratingCount: Int, target: Int) {
    columnBits = Int.bitWidth - max(columnCount - 1, 0).leadingZeroBitCount
    let wanted = max(1, min(Self.maximumCount, ratingCount / max(target, 1)))
    var shift = 0
    while shift < min(16, 32 - columnBits), rowCount > wanted << shift { shift += 1 }
    self.shift = shift
    count = (rowCount + 1 << shift - 1) >> shift
  }
}
