/// Memory for one block of input, owned by the worker that parses it, with ``PlainRow/padding`` bytes behind it.
struct BlockBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  /// Bytes in use.
  var count = 0

  init(capacity: Int) {
    base = .allocate(capacity: capacity + PlainRow.padding)
    self.capacity = capacity
  }

  deinit {
    base.deallocate()
  }

  /// Makes room for `capacity` bytes and keeps those in use.
  mutating func grow(to capacity: Int) {
    guard capacity > self.capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + PlainRow.padding)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    self.capacity = capacity
  }

  /// Puts a line end behind the bytes in use.
  func endLastLine() {
    (base + count).initialize(repeating: UInt8(ascii: "\n"), count: PlainRow.padding)
  }

  /// Number of lines that begin in the bytes in use.
  var lineCount: Int {
    let newlines: UInt64 = 0x0a0a_0a0a_0a0a_0a0a
    let lowBits: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    let bytes = UnsafeRawPointer(base)
    var lines = 0
    var position = 0
    // Eight bytes at a time: a byte of `difference` is zero where there is a line end, and then, in `sums`, one is added
    // to its lane, which holds up to 255.
    while position &+ 8 <= count {
      let end = min(position &+ 255 &* 8, count &- 7)
      var sums: UInt64 = 0
      while position < end {
        let difference = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ newlines
        sums &+= ~(((difference & lowBits) &+ lowBits) | difference | lowBits) &>> 7
        position &+= 8
      }
      let pairs = (sums & 0x00ff_00ff_00ff_00ff) &+ ((sums &>> 8) & 0x00ff_00ff_00ff_00ff)
      lines &+= Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
    }
    while position < count {
      lines &+= base[position] == UInt8(ascii: "\n") ? 1 : 0
      position &+= 1
    }
    return count > 0 && base[count - 1] != UInt8(ascii: "\n") ? lines + 1 : lines
  }

  /// Position behind the last line end, 0 where there is none.
  var endOfLastLine: Int {
    var position = count
    while position > 0 && base[position - 1] != UInt8(ascii: "\n") { position -= 1 }
    return position
  }
}
