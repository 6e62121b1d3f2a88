import ALS

/// Puts the chunks of all workers together as one matrix: rows ascend, columns ascend within a row, and ratings of the
/// same pair are merged.
///
/// Two steps, both on all cores. First groups of chunks are partitioned by ranges of rows. Then each range is sorted where
/// it fits in the cache, and written to its place once. The chunks are freed when their last range is in place, so that no
/// more than 12 bytes per rating are held beside the result.
struct CSRAssembly {
  private(set) var matrix: CSRMatrix
  /// Ratings left out since their user or item has no row.
  private(set) var unknown = 0
  /// Ratings of a pair beyond its first.
  private(set) var duplicates = 0

  /// - Parameter grain: ratings that are worked on at once: those of a group of chunks, and a quarter as many in a range.
  init(
    _ chunks: [RatingChunk], users: IDUnion, items: IDUnion, duplicates policy: DuplicatePolicy, grain: Int
  ) throws(RatingsIOError) {
    let rowCount = users.index.count
    let columnCount = items.index.count
    let ranges = RowRanges(
      rowCount: rowCount, columnCount: columnCount, ratingCount: chunks.reduce(0) { $0 + $1.count },
      target: max(1, grain / 4))
    let groups = RatingPartition.groups(of: chunks, limit: grain)
    let partitions = Parallel.map(groups.count) { group in
      RatingPartition(groups[group], users: users, items: items, ranges: ranges)
    }
    unknown = partitions.reduce(0) { $0 + $1.unknown }

    var starts = [Int](repeating: 0, count: ranges.count + 1)
    for range in 0..<ranges.count {
      starts[range + 1] = starts[range] + partitions.reduce(0) { $0 + $1.count(ofRange: range) }
    }
    let total = starts[ranges.count]
    var outcomes: [RangeSorter.Outcome] = []
    var columns: [Int32] = []
    var values: [Float] = []
    var offsets = [Int](unsafeUninitializedCapacity: rowCount + 1) { offsets, offsetCount in
      columns = [Int32](hugePages: total) { columns in
        values = [Float](hugePages: total) { values in
          // Each range has rows and entries of its own.
          nonisolated(unsafe) let target = RangeSorter.Target(
            offsets: offsets.baseAddress!, columns: columns, values: values)
          outcomes = Self.sort(partitions, ranges: ranges, policy: policy, starts: starts, into: target, rowCount)
        }
      }
      offsets[rowCount] = total
      offsetCount = rowCount + 1
    }

    for outcome in outcomes {
      duplicates += outcome.duplicates
      guard let problem = outcome.problem else { continue }
      let user = users.index[problem.row]
      let item = items.index[Int(problem.column)]
      if policy == .error { throw .duplicate(user: user, item: item, ratings: problem.count) }
      throw .duplicateSumOverflow(user: user, item: item)
    }
    if duplicates > 0 && policy != .keep {
      Self.closeGaps(
        starts: starts, counts: outcomes.map(\.count), ranges: ranges, offsets: &offsets, columns: &columns,
        values: &values)
    }
    matrix = CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
  }

  /// Sorts all ranges, several at a time.
  private static func sort(
    _ partitions: [RatingPartition], ranges: RowRanges, policy: DuplicatePolicy, starts: [Int],
    into target: RangeSorter.Target, _ rowCount: Int
  ) -> [RangeSorter.Outcome] {
    nonisolated(unsafe) let target = target
    // Ranges are sorted in about the order of the rows: where the input is in that order too, its memory is freed on the
    // way. A few ranges at a time share the room for sorting.
    let grain = max(1, min(8, ranges.count / (4 * Parallel.workerCount)))
    let batches = Parallel.map((ranges.count + grain - 1) / grain) { batch in
      var sorter = RangeSorter(policy: policy, ranges: ranges)
      var outcomes: [RangeSorter.Outcome] = []
      for range in batch * grain..<min(ranges.count, (batch + 1) * grain) {
        let rows = range << ranges.shift..<min(rowCount, (range + 1) << ranges.shift)
        outcomes.append(
          sorter.sort(range: range, of: partitions, into: target, at: starts[range], rows: rows))
      }
      return outcomes
    }
    return Array(batches.joined())
  }

  /// Moves the ranges, of which the first `counts` entries count, together.
  private static func closeGaps(
    starts: [Int], counts: [Int], ranges: RowRanges, offsets: inout [Int], columns: inout [Int32],
    values: inout [Float]
  ) {
    var total = 0
    columns.withUnsafeMutableBufferPointer { columns in
      values.withUnsafeMutableBufferPointer { values in
        for range in counts.indices {
          let (start, count) = (starts[range], counts[range])
          if start > total && count > 0 {
            // Towards the start, so each range overwrites only what has been moved.
            (columns.baseAddress! + total).update(from: columns.baseAddress! + start, count: count)
            (values.baseAddress! + total).update(from: values.baseAddress! + start, count: count)
          }
          let rows = range << ranges.shift..<min(offsets.count - 1, (range + 1) << ranges.shift)
          for row in rows { offsets[row] -= start - total }
          total += count
        }
      }
    }
    offsets[offsets.count - 1] = total
    columns.removeLast(columns.count - total)
    values.removeLast(values.count - total)
  }
}
