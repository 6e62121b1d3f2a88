import ALS
import Synchronization

extension SampleGenerator {
  /// The ratings of the sample as a matrix, users × items, without the way over a file: what `ratings.tsv` holds, less the
  /// codes that are no ratings and the odd artists. O(ratings) time on all cores; peak memory is about 16 bytes per rating.
  public func matrix() -> CSRMatrix {
    let philox = Philox(seed: seed)
    let audience = Audience(shape: shape, philox: philox, catalogue: Catalogue(items: shape.items, philox: philox))
    let ranges = audience.ranges(rows: 1 << 16)
    let finished = Mutex([RowArrays?](repeating: nil, count: ranges.count))
    Parallel.perform(ranges.count) { index in
      let block = audience.arrays(of: ranges[index])
      finished.withLock { $0[index] = block }
    }
    let blocks = finished.withLock { $0.compactMap { $0 } }

    var rowOffsets = [0]
    rowOffsets.reserveCapacity(shape.users + 1)
    var total = 0
    for block in blocks {
      for length in block.lengths {
        total += length
        rowOffsets.append(total)
      }
    }
    var columnIndices: [Int32] = []
    var values: [Float] = []
    columnIndices.reserveCapacity(total)
    values.reserveCapacity(total)
    for block in blocks {
      columnIndices += block.columns
      values += block.values
    }
    return CSRMatrix(
      columnCount: shape.items, rowOffsets: rowOffsets, columnIndices: columnIndices, values: values)
  }
}
