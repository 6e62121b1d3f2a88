/// For a set of whole numbers, how many of them lie below each: the way from an id that is its own number to its place
/// among all such ids.
struct IDRanks: Sendable {
  /// 32 bits of the set, and how many bits are set before them: one load answers.
  private struct Word {
    var bits: UInt32
    var before: UInt32
  }

  private let words: [Word]
  /// How many numbers are in the set.
  let count: Int

  /// The union of some sets.
  init(_ sets: [[UInt64]]) {
    var union = [UInt64](repeating: 0, count: sets.map(\.count).max() ?? 0)
    for set in sets {
      for word in set.indices { union[word] |= set[word] }
    }
    var before: UInt32 = 0
    words = [Word](unsafeUninitializedCapacity: 2 * union.count) { words, count in
      for word in union.indices {
        for half in [union[word] & 0xffff_ffff, union[word] >> 32] {
          let bits = UInt32(truncatingIfNeeded: half)
          words.initializeElement(at: count, to: Word(bits: bits, before: before))
          before += UInt32(bits.nonzeroBitCount)
          count += 1
        }
      }
    }
    count = Int(before)
  }

  /// How many numbers of the set lie below `number`, which is in the set.
  @inline(__always)
  func rank(of number: UInt32) -> Int {
    words.withUnsafeBufferPointer { words in
      let word = words[Int(truncatingIfNeeded: number &>> 5)]
      let below = word.bits & ((1 &<< (number & 31)) &- 1)
      return Int(truncatingIfNeeded: word.before) &+ below.nonzeroBitCount
    }
  }

  /// The numbers, ascending.
  var numbers: [Int64] {
    [Int64](unsafeUninitializedCapacity: count) { numbers, filled in
      for (position, word) in words.enumerated() {
        var bits = word.bits
        while bits != 0 {
          numbers.initializeElement(at: filled, to: Int64(position) * 32 + Int64(bits.trailingZeroBitCount))
          bits &= bits - 1
          filled += 1
        }
      }
    }
  }
}
