/// A set of whole numbers below ``limit``, one bit each: what most data sets number their users and items with.
///
/// Two million ids take 250 KB, which stay in the cache where a hash table of them does not.
struct IDBits: ~Copyable {
  /// Numbers from here on belong into a hash table.
  static let limit: UInt64 = 1 << 26

  private(set) var words: UnsafeMutablePointer<UInt64>
  /// Numbers below this have a bit; a multiple of 64.
  private(set) var capacity: UInt64 = 0

  init() {
    words = .allocate(capacity: 0)
  }

  deinit {
    words.deallocate()
  }

  /// Whether a number is in the set.
  @inline(__always)
  func contains(_ number: UInt64) -> Bool {
    number < capacity && words[Int(truncatingIfNeeded: number &>> 6)] &>> (number & 63) & 1 != 0
  }

  /// Adds a number below ``capacity``. A bit that is set is not written again: the same id comes many times, and loads of
  /// one word do not wait for each other.
  @inline(__always)
  func insertWithinCapacity(_ number: UInt64) {
    let word = Int(truncatingIfNeeded: number &>> 6)
    let bit: UInt64 = 1 &<< (number & 63)
    let bits = words[word]
    if bits & bit == 0 { words[word] = bits | bit }
  }

  /// Adds a number below ``limit``.
  mutating func insert(_ number: UInt64) {
    if number >= capacity { grow(toHold: number) }
    insertWithinCapacity(number)
  }

  /// The words, the last of them not zero.
  var array: [UInt64] {
    var count = Int(capacity / 64)
    while count > 0 && words[count - 1] == 0 { count -= 1 }
    return Array(UnsafeBufferPointer(start: words, count: count))
  }

  @inline(never)
  private mutating func grow(toHold number: UInt64) {
    var larger = max(capacity, 1 << 12)
    while larger <= number { larger *= 2 }
    let (old, count) = (Int(capacity / 64), Int(larger / 64))
    let moved = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    moved.update(from: words, count: old)
    (moved + old).update(repeating: 0, count: count - old)
    words.deallocate()
    words = moved
    capacity = larger
  }
}
