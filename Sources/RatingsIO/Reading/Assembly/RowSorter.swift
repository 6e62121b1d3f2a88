/// Sorts rows by column and merges ratings of the same pair.
struct RowSorter: ~Copyable {
  /// What was found in the rows so far.
  struct Outcome: Sendable {
    /// Ratings of a pair beyond its first.
    var duplicates = 0
    /// The first pair that stops the run.
    var problem: (row: Int, column: Int32, count: Int)?
  }

  private(set) var outcome = Outcome()
  private let policy: DuplicatePolicy
  private var keys: UnsafeMutableBufferPointer<UInt64> = .allocate(capacity: 0)
  private var values: UnsafeMutableBufferPointer<Float> = .allocate(capacity: 0)

  init(policy: DuplicatePolicy) {
    self.policy = policy
  }

  deinit {
    keys.deallocate()
    values.deallocate()
  }

  /// Sorts a row, stably, and merges its duplicates; returns how many entries, from the start, now count.
  mutating func sort(
    columns: UnsafeMutableBufferPointer<Int32>, values: UnsafeMutableBufferPointer<Float>, row: Int
  ) -> Int {
    let count = columns.count
    guard count > 1 else { return count }
    var isAscending = true
    var isStrict = true
    for entry in 1..<count {
      if columns[entry] <= columns[entry &- 1] {
        isStrict = false
        if columns[entry] < columns[entry &- 1] {
          isAscending = false
          break
        }
      }
    }
    if isStrict { return count }
    if !isAscending {
      if count <= 24 { Self.insertionSort(columns, values) } else { keySort(columns, values) }
    }
    return merge(columns, values, row: row)
  }

  private static func insertionSort(
    _ columns: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>
  ) {
    for entry in 1..<columns.count {
      let column = columns[entry]
      let value = values[entry]
      var position = entry
      while position > 0 && columns[position &- 1] > column {
        columns[position] = columns[position &- 1]
        values[position] = values[position &- 1]
        position &-= 1
      }
      columns[position] = column
      values[position] = value
    }
  }

  /// Sorts numbers made of column and position, which makes any sort stable.
  private mutating func keySort(
    _ columns: UnsafeMutableBufferPointer<Int32>, _ ratings: UnsafeMutableBufferPointer<Float>
  ) {
    let count = columns.count
    if keys.count < count {
      keys.deallocate()
      values.deallocate()
      keys = .allocate(capacity: max(count, 2 * keys.count))
      values = .allocate(capacity: keys.count)
      keys.initialize(repeating: 0)
      values.initialize(repeating: 0)
    }
    for entry in 0..<count {
      keys[entry] = UInt64(UInt32(bitPattern: columns[entry])) &<< 32 | UInt64(UInt32(truncatingIfNeeded: entry))
      values[entry] = ratings[entry]
    }
    var used = UnsafeMutableBufferPointer(rebasing: keys[..<count])
    used.sort()
    for entry in 0..<count {
      columns[entry] = Int32(truncatingIfNeeded: keys[entry] &>> 32)
      ratings[entry] = values[Int(UInt32(truncatingIfNeeded: keys[entry]))]
    }
  }

  private mutating func merge(
    _ columns: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>, row: Int
  ) -> Int {
    var kept = 0
    var start = 0
    while start < columns.count {
      let column = columns[start]
      var end = start + 1
      var sum = Double(values[start])
      while end < columns.count && columns[end] == column {
        sum += Double(values[end])
        end += 1
      }
      let count = end - start
      var value = values[start]
      if count > 1 {
        outcome.duplicates += count - 1
        switch policy {
        case .last: value = values[end - 1]
        case .sum: value = Float(sum)
        case .mean: value = Float(sum / Double(count))
        case .keep: break
        case .error: noteProblem(row, column, count)
        }
        if !value.isFinite { noteProblem(row, column, count) }
      }
      if policy != .keep {
        columns[kept] = column
        values[kept] = value
        kept += 1
      }
      start = end
    }
    return policy == .keep ? columns.count : kept
  }

  private mutating func noteProblem(_ row: Int, _ column: Int32, _ count: Int) {
    if outcome.problem == nil { outcome.problem = (row, column, count) }
  }
}
