/// Writes rows as text into memory that has room for them.
struct RowText {
  private let start: UnsafeMutablePointer<UInt8>
  private var end: UnsafeMutablePointer<UInt8>

  /// The most bytes of a row, "100000000\t11000000\t255\n", rounded up.
  static let longestRow = 24

  /// Writes from `start` on.
  init(_ start: UnsafeMutablePointer<UInt8>) {
    self.start = start
    end = start
  }

  /// Number of bytes written.
  var count: Int { end - start }

  /// Appends `user TAB item TAB rating LF`.
  mutating func append(user: Int, item: Int, rating: Int) {
    append(user, then: UInt8(ascii: "\t"))
    append(item, then: UInt8(ascii: "\t"))
    append(rating, then: UInt8(ascii: "\n"))
  }

  private mutating func append(_ number: Int, then separator: UInt8) {
    if number < 0 {
      end.pointee = UInt8(ascii: "-")
      end += 1
    }
    // 32 bits are enough for every id, and divide faster.
    var rest = UInt32(number.magnitude)
    var digits = 1
    var bound: UInt32 = 10
    while rest >= bound && digits < 9 {
      digits += 1
      bound &*= 10
    }
    if rest >= 1_000_000_000 { digits = 10 }
    for place in stride(from: digits - 1, through: 0, by: -1) {
      end[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    end[digits] = separator
    end += digits + 1
  }
}
