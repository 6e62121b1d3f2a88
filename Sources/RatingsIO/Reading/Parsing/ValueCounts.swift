/// How often each rating occurs, as long as there are few different ones.
struct ValueCounts {
  /// With more different values than this, ratings are no scale with codes among them.
  static let limit = 1024
  private static let bits = 12

  private var slots = [(pattern: UInt32, count: Int)](repeating: (0, 0), count: 1 << Self.bits)
  private var distinct = 0
  /// Counts of 0, 1, … 255, which most ratings are, until they are wanted with the others.
  private var smallCounts = [Int](repeating: 0, count: 256)
  /// Whether there are too many different values; nothing is known then.
  private(set) var overflowed = false

  /// Counts a value; −0 counts as 0.
  @inline(__always)
  mutating func add(_ value: Float, times: Int = 1) {
    if overflowed { return }
    let pattern = (value + 0).bitPattern
    var position = Int(truncatingIfNeeded: (pattern &* 0x9e37_79b1) &>> UInt32(32 - Self.bits))
    slots.withUnsafeMutableBufferPointer { slots in
      while slots[position].count > 0 && slots[position].pattern != pattern {
        position = (position &+ 1) & (1 << Self.bits - 1)
      }
      if slots[position].count == 0 {
        slots[position].pattern = pattern
        distinct += 1
      }
      slots[position].count &+= times
    }
    if distinct > Self.limit { overflowed = true }
  }

  /// Counts many values.
  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    if overflowed { return }
    var others = 0
    smallCounts.withUnsafeMutableBufferPointer { counts in
      for value in values {
        // −0 counts as 0.
        if let small = Self.small(value) { counts[small] &+= 1 } else { others &+= 1 }
      }
    }
    if others == 0 { return }
    for value in values where Self.small(value) == nil { add(value) }
  }

  /// The value, if it is one of 0, 1, … 255.
  @inline(__always)
  private static func small(_ value: Float) -> Int? {
    guard value >= 0, value < 256 else { return nil }
    let whole = Int(value)
    return Float(whole) == value ? whole : nil
  }

  /// Puts the counts of small whole numbers among the others.
  private mutating func settle() {
    for small in smallCounts.indices where smallCounts[small] > 0 {
      add(Float(small), times: smallCounts[small])
      smallCounts[small] = 0
    }
  }

  /// Adds the counts of another worker.
  mutating func merge(_ other: ValueCounts) {
    for small in smallCounts.indices { smallCounts[small] += other.smallCounts[small] }
    if other.overflowed { overflowed = true }
    for slot in other.slots where slot.count > 0 { add(Float(bitPattern: slot.pattern), times: slot.count) }
  }

  /// The least or greatest value, or both, where it looks like a code: farther from the others than half their range,
  /// seen three times or more, with at least three different others.
  var sentinels: [Sentinel] {
    var settled = self
    settled.settle()
    return settled.settledSentinels
  }

  private var settledSentinels: [Sentinel] {
    guard !overflowed else { return [] }
    let scale = slots.filter { $0.count > 0 }.map { (value: Float(bitPattern: $0.pattern), count: $0.count) }
      .sorted { $0.value < $1.value }
    guard scale.count >= 4 else { return [] }
    var found: [Sentinel] = []
    for isLeast in [true, false] {
      let candidate = isLeast ? scale[0] : scale[scale.count - 1]
      let rest = isLeast ? scale.dropFirst() : scale.dropLast()
      let bulk = rest.first!.value...rest.last!.value
      let distance = isLeast ? bulk.lowerBound - candidate.value : candidate.value - bulk.upperBound
      if candidate.count >= 3 && distance > (bulk.upperBound - bulk.lowerBound) / 2 {
        found.append(Sentinel(value: candidate.value, count: candidate.count, bulk: bulk))
      }
    }
    return found
  }
}
