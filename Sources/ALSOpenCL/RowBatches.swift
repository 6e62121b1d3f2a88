/// The rows of a side in the order in which cores take them from a common counter, some at a time.
///
/// Heavy rows come first, each alone, the heaviest before the others, so that no core is left with a long row at the end. The others
/// follow in row order, many at a time: side by side in memory as they are, the processor brings their ratings and factors before
/// they are asked for.
struct RowBatches {
  /// All rows.
  private(set) var order: [Int32] = []
  /// Batch `k` is `order[starts[k]..<starts[k + 1]]`.
  private(set) var starts: [UInt32] = [0]

  /// A row of n ratings weighs n + this: what a row costs however short it is, in ratings.
  private static let rowWeight = 8
  /// The weight of a batch, at most.
  private static let largestWeight = 2048
  /// Batches for each core, at least, where there is weight for them.
  private static let batchesPerCore = 64

  /// - Parameter computeUnits: cores that will take them.
  init(_ rows: some RatingRows, computeUnits: Int) {
    let total = rows.entryCount + rows.rowCount * Self.rowWeight
    let weight = max(1, min(Self.largestWeight, total / (max(1, computeUnits) * Self.batchesPerCore)))
    func weightOfRow(_ row: Int32) -> Int { rows.entries(ofRow: Int(row)).count + Self.rowWeight }
    // Longest first, rows of equal length in row order.
    let heavy = (0..<Int32(rows.rowCount)).lazy.filter { weightOfRow($0) > weight }
      .sorted { (weightOfRow($1), $0) < (weightOfRow($0), $1) }
    order.reserveCapacity(rows.rowCount)
    order += heavy
    starts += heavy.indices.map { UInt32($0 + 1) }
    var batch = 0
    for row in 0..<Int32(rows.rowCount) {
      let added = weightOfRow(row)
      guard added <= weight else { continue }
      if batch + added > weight {
        starts.append(UInt32(order.count))
        batch = 0
      }
      order.append(row)
      batch += added
    }
    if batch > 0 { starts.append(UInt32(order.count)) }
  }
}
