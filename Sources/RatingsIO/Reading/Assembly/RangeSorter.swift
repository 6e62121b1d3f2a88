/// Sorts the ratings of a range of rows by row and column and merges ratings of the same pair.
///
/// A rating is one word: row within the range, column and value, from the highest bits down. Words that do not come in
/// order anyway are sorted by digits, the least first, which costs the same whatever the lengths of the rows.
struct RangeSorter: ~Copyable {
  /// What was found in one range.
  struct Outcome: Sendable {
    /// Ratings that the range ends up with.
    var count = 0
    /// Ratings of a pair beyond its first.
    var duplicates = 0
    /// The first pair that stops the run.
    var problem: (row: Int, column: Int32, count: Int)?
  }

  /// Where all ratings go, and the offset of each row.
  struct Target {
    let offsets: UnsafeMutablePointer<Int>
    let columns: UnsafeMutablePointer<Int32>
    let values: UnsafeMutablePointer<Float>
  }

  private let policy: DuplicatePolicy
  private let columnBits: UInt64
  private let keyBits: Int
  private var words: UnsafeMutablePointer<UInt64> = .allocate(capacity: 0)
  private var spare: UnsafeMutablePointer<UInt64> = .allocate(capacity: 0)
  private var capacity = 0
  private var count = 0
  /// Whether the keys ascend, and whether no two are equal.
  private var isAscending = true
  private var isStrict = true

  private static let maximumDigitBits = 11
  /// For each value of a digit, where the next word goes.
  private let next: UnsafeMutablePointer<UInt32> = .allocate(capacity: 1 << maximumDigitBits)

  init(policy: DuplicatePolicy, ranges: RowRanges) {
    self.policy = policy
    columnBits = UInt64(ranges.columnBits)
    keyBits = ranges.columnBits + ranges.shift
  }

  deinit {
    words.deallocate()
    spare.deallocate()
    next.deallocate()
  }

  /// Takes a range out of all partitions, in the order of the input, and puts it sorted and merged in its place.
  ///
  /// - Parameters:
  ///   - start: where its entries go.
  ///   - rows: its rows; their offsets are set.
  mutating func sort(
    range: Int, of partitions: [RatingPartition], into target: Target, at start: Int, rows: Range<Int>
  ) -> Outcome {
    reserve(partitions.reduce(0) { $0 + $1.count(ofRange: range) })
    count = 0
    isAscending = true
    isStrict = true
    for partition in partitions where partition.count(ofRange: range) > 0 {
      load(range, of: partition)
      partition.release()
    }
    if !isAscending {
      sortWords()
      // Whether two are equal shows only now.
      isStrict = false
    }
    return isStrict ? put(into: target, at: start, rows: rows) : merge(into: target, at: start, rows: rows)
  }

  private mutating func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    words.deallocate()
    spare.deallocate()
    capacity = needed + needed / 4
    words = .allocate(capacity: capacity)
    spare = .allocate(capacity: capacity)
  }

  private mutating func load(_ range: Int, of partition: RatingPartition) {
    let start = Int(partition.starts[range])
    let end = Int(partition.starts[range + 1])
    let (rows, columns, values) = (partition.rows, partition.columns, partition.values)
    let (words, shift) = (words, columnBits)
    var position = count
    var (isAscending, isStrict) = (isAscending, isStrict)
    // Keys plus one, so that the first is above what stands for none.
    var last = position > 0 ? words[position &- 1] &>> 32 &+ 1 : 0
    for entry in start..<end {
      let key = UInt64(rows[entry]) &<< shift | UInt64(columns[entry])
      words[position] = key &<< 32 | UInt64(values[entry].bitPattern)
      isStrict = isStrict && key >= last
      isAscending = isAscending && key &+ 1 >= last
      last = key &+ 1
      position &+= 1
    }
    count = position
    (self.isAscending, self.isStrict) = (isAscending, isStrict)
  }

  /// One stable pass for each digit.
  private mutating func sortWords() {
    let passes = (keyBits + Self.maximumDigitBits - 1) / Self.maximumDigitBits
    let bits = (keyBits + passes - 1) / passes
    let mask = UInt64(1) &<< UInt64(bits) &- 1
    for pass in 0..<passes {
      let shift = UInt64(32 + pass * bits)
      let (from, to, next) = (words, spare, next)
      next.update(repeating: 0, count: 1 << bits)
      for position in 0..<count { next[Int(truncatingIfNeeded: from[position] &>> shift & mask)] &+= 1 }
      var total: UInt32 = 0
      for digit in 0..<1 << bits {
        let length = next[digit]
        next[digit] = total
        total &+= length
      }
      for position in 0..<count {
        let word = from[position]
        let digit = Int(truncatingIfNeeded: word &>> shift & mask)
        to[Int(truncatingIfNeeded: next[digit])] = word
        next[digit] &+= 1
      }
      swap(&words, &spare)
    }
  }

  /// Where no pair comes twice.
  private func put(into target: Target, at start: Int, rows: Range<Int>) -> Outcome {
    let columnMask = UInt64(1) &<< columnBits &- 1
    var row = rows.lowerBound
    var slot = start
    target.offsets[row] = slot
    for position in 0..<count {
      let word = words[position]
      let key = word &>> 32
      let wordRow = rows.lowerBound &+ Int(truncatingIfNeeded: key &>> columnBits)
      while row < wordRow {
        row &+= 1
        target.offsets[row] = slot
      }
      target.columns[slot] = Int32(truncatingIfNeeded: key & columnMask)
      target.values[slot] = Float(bitPattern: UInt32(truncatingIfNeeded: word))
      slot &+= 1
    }
    while row &+ 1 < rows.upperBound {
      row &+= 1
      target.offsets[row] = slot
    }
    return Outcome(count: count)
  }

  private func merge(into target: Target, at start: Int, rows: Range<Int>) -> Outcome {
    var outcome = Outcome()
    let columnMask = UInt64(1) &<< columnBits &- 1
    var row = rows.lowerBound
    var slot = start
    target.offsets[row] = slot
    var position = 0
    while position < count {
      let key = words[position] &>> 32
      let wordRow = rows.lowerBound + Int(truncatingIfNeeded: key &>> columnBits)
      while row < wordRow {
        row += 1
        target.offsets[row] = slot
      }
      let column = Int32(truncatingIfNeeded: key & columnMask)
      var end = position + 1
      while end < count && words[end] &>> 32 == key { end += 1 }
      if end - position > 1 { outcome.duplicates += end - position - 1 }
      if end - position == 1 || policy == .keep {
        for entry in position..<end {
          target.columns[slot] = column
          target.values[slot] = value(entry)
          slot += 1
        }
      } else {
        let merged = merged(position..<end)
        // A sum in 64 bits is infinite in 32, but never NaN, which stands for a deletion.
        if (policy == .error || merged.isInfinite) && outcome.problem == nil {
          outcome.problem = (row, column, end - position)
        }
        target.columns[slot] = column
        target.values[slot] = merged
        slot += 1
      }
      position = end
    }
    while row + 1 < rows.upperBound {
      row += 1
      target.offsets[row] = slot
    }
    outcome.count = slot - start
    return outcome
  }

  private func value(_ position: Int) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: words[position])) }

  /// The rating that several of one pair make, summed in 64 bits.
  private func merged(_ positions: Range<Int>) -> Float {
    switch policy {
    case .last: return value(positions.upperBound - 1)
    case .keep, .error: return value(positions.lowerBound)
    case .sum, .mean:
      let sum = positions.reduce(0.0) { $0 + Double(value($1)) }
      return Float(policy == .sum ? sum : sum / Double(positions.count))
    }
  }
}
