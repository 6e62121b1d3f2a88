import ALS

/// Puts the chunks of all workers together as one matrix.
struct CSRAssembly {
  private(set) var offsets: [Int]
  private(set) var columns: [Int32]
  private(set) var values: [Float]
  /// Ratings left out since their user or item has no row.
  private(set) var unknown = 0
  /// Ratings of a pair beyond its first.
  private(set) var duplicates = 0
  private let columnCount: Int

  /// The matrix.
  var matrix: CSRMatrix {
    CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
  }

  /// Scatters the ratings by user, in the order of the input within a row; a counting sort on all workers.
  ///
  /// A chunk's memory is freed as soon as its ratings are in place, so that at no time much more than 12 bytes per rating
  /// are held beside the result.
  init(_ chunks: [RatingChunk], users: IDUnion, items: IDUnion, workerCount: Int) {
    let rowCount = users.index.count
    columnCount = items.index.count
    let groups = ChunkGroup.divide(chunks, count: workerCount)
    // Ratings of each row in each group, then the first slot of each group within the row.
    let counts = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: groups.count * rowCount)
    counts.initialize(repeating: 0)
    defer { counts.deallocate() }
    nonisolated(unsafe) let slots = counts
    let unknownCounts = UnsafeMutableBufferPointer<Int>.allocate(capacity: groups.count)
    unknownCounts.initialize(repeating: 0)
    defer { unknownCounts.deallocate() }
    nonisolated(unsafe) let unknowns = unknownCounts
    @Sendable func slotsOfGroup(_ group: Int) -> UnsafeMutableBufferPointer<UInt32> {
      UnsafeMutableBufferPointer(rebasing: slots[group * rowCount..<(group + 1) * rowCount])
    }
    Parallel.perform(groups.count) { group in
      unknowns[group] = groups[group].resolve(users: users, items: items, counts: slotsOfGroup(group))
    }
    unknown = unknownCounts.reduce(0, +)

    var offsets = [Int](repeating: 0, count: rowCount + 1)
    var total = 0
    for row in 0..<rowCount {
      offsets[row] = total
      var start: UInt32 = 0
      for group in groups.indices {
        let count = counts[group * rowCount + row]
        counts[group * rowCount + row] = start
        start += count
      }
      total += Int(start)
    }
    offsets[rowCount] = total
    self.offsets = offsets

    var values: [Float] = []
    columns = [Int32](unsafeUninitializedCapacity: total) { columnBuffer, columnCount in
      nonisolated(unsafe) let columns = columnBuffer
      values = [Float](unsafeUninitializedCapacity: total) { valueBuffer, valueCount in
        nonisolated(unsafe) let values = valueBuffer
        offsets.withUnsafeBufferPointer { buffer in
          nonisolated(unsafe) let offsets = buffer
          Parallel.perform(groups.count) { group in
            groups[group].scatter(offsets: offsets, next: slotsOfGroup(group), columns: columns, values: values)
          }
        }
        valueCount = total
      }
      columnCount = total
    }
    self.values = values
  }

  /// Sorts each row by column, equal ones in the order of the input, and applies the policy for duplicates.
  mutating func sortRows(
    duplicates policy: DuplicatePolicy, users: IDIndex, items: IDIndex
  ) throws(RatingsIOError) {
    let rowCount = offsets.count - 1
    let grain = max(1, min(rowCount / (8 * Parallel.workerCount), 1 << 16))
    let rangeCount = (rowCount + grain - 1) / grain
    var outcomes = [RowSorter.Outcome](repeating: RowSorter.Outcome(), count: rangeCount)
    var kept = [UInt32](repeating: 0, count: rowCount)
    let offsets = offsets
    // Ranges of rows are disjoint, and so are their entries.
    columns.withUnsafeMutableBufferPointer { columnBuffer in
      nonisolated(unsafe) let columns = columnBuffer
      values.withUnsafeMutableBufferPointer { valueBuffer in
        nonisolated(unsafe) let values = valueBuffer
        kept.withUnsafeMutableBufferPointer { keptBuffer in
          nonisolated(unsafe) let kept = keptBuffer
          outcomes.withUnsafeMutableBufferPointer { outcomeBuffer in
            nonisolated(unsafe) let outcomes = outcomeBuffer
            Parallel.performRanges(rowCount, grain: grain) { rows in
              var sorter = RowSorter(policy: policy)
              for row in rows {
                let entries = offsets[row]..<offsets[row + 1]
                let count = sorter.sort(
                  columns: UnsafeMutableBufferPointer(rebasing: columns[entries]),
                  values: UnsafeMutableBufferPointer(rebasing: values[entries]), row: row)
                kept[row] = UInt32(truncatingIfNeeded: count)
              }
              outcomes[rows.lowerBound / grain] = sorter.outcome
            }
          }
        }
      }
    }
    for outcome in outcomes {
      duplicates += outcome.duplicates
      guard let problem = outcome.problem else { continue }
      let user = users[problem.row]
      let item = items[Int(problem.column)]
      if policy == .error { throw .duplicate(user: user, item: item, ratings: problem.count) }
      throw .duplicateSumOverflow(user: user, item: item)
    }
    if duplicates > 0 && policy != .keep { closeGaps(kept) }
  }

  /// Moves the rows, of which the first `kept` entries count, together.
  private mutating func closeGaps(_ kept: [UInt32]) {
    var total = 0
    let removed = duplicates
    columns.withUnsafeMutableBufferPointer { columns in
      values.withUnsafeMutableBufferPointer { values in
        for row in kept.indices {
          let start = offsets[row]
          offsets[row] = total
          for entry in start..<start + Int(kept[row]) {
            columns[total] = columns[entry]
            values[total] = values[entry]
            total += 1
          }
        }
      }
    }
    offsets[kept.count] = total
    columns.removeLast(removed)
    values.removeLast(removed)
  }
}
