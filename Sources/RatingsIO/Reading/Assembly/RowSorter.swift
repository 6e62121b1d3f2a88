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
  /// Longer rows are sorted by digits, shorter ones by insertion.
  private static let insertionLimit = 32
  private static let digitBits = 9

  /// Room for the entries of the longest row so far: column and value in one word each.
  private var spare: UnsafeMutableBufferPointer<UInt64> = .allocate(capacity: 0)
  /// For each value of a digit, where the next entry goes.
  private let next: UnsafeMutableBufferPointer<Int> = .allocate(capacity: 1 << digitBits)

  init(policy: DuplicatePolicy) {
    self.policy = policy
    next.initialize(repeating: 0)
  }

  deinit {
    spare.deallocate()
    next.deallocate()
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
      if count <= Self.insertionLimit { Self.insertionSort(columns, values) } else { digitSort(columns, values) }
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

  /// Sorts by one digit of the columns after the other, the least first; each pass keeps the order of equal digits. The
  /// entries move between their place and the spare room, 8 bytes each.
  private mutating func digitSort(
    _ columns: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>
  ) {
    let count = columns.count
    if spare.count < count {
      let capacity = max(count, min(2 * spare.count, 1 << 20))
      spare.deallocate()
      spare = .allocate(capacity: capacity)
    }
    var present: Int32 = 0
    for entry in 0..<count { present |= columns[entry] }
    let bits = Int32.bitWidth - present.leadingZeroBitCount
    let mask = 1 << Self.digitBits - 1
    var isSpare = false
    for shift in stride(from: 0, to: bits, by: Self.digitBits) {
      next.update(repeating: 0)
      for entry in 0..<count {
        let column = isSpare ? Int(truncatingIfNeeded: spare[entry] &>> 32) : Int(columns[entry])
        next[(column &>> shift) & mask] &+= 1
      }
      var start = 0
      for digit in 0...mask {
        let length = next[digit]
        next[digit] = start
        start &+= length
      }
      for entry in 0..<count {
        let word =
          isSpare
          ? spare[entry] : UInt64(UInt32(bitPattern: columns[entry])) &<< 32 | UInt64(values[entry].bitPattern)
        let digit = Int(truncatingIfNeeded: word &>> UInt64(32 &+ shift)) & mask
        let slot = next[digit]
        next[digit] = slot &+ 1
        if isSpare { Self.put(word, columns, values, at: slot) } else { spare[slot] = word }
      }
      isSpare.toggle()
    }
    guard isSpare else { return }
    for entry in 0..<count { Self.put(spare[entry], columns, values, at: entry) }
  }

  @inline(__always)
  private static func put(
    _ word: UInt64, _ columns: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>,
    at slot: Int
  ) {
    columns[slot] = Int32(truncatingIfNeeded: word &>> 32)
    values[slot] = Float(bitPattern: UInt32(truncatingIfNeeded: word))
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
