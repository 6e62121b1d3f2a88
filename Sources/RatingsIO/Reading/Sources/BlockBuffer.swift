/// Memory for one block of input, owned by the worker that parses it.
struct BlockBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  /// Bytes in use.
  var count = 0

  init(capacity: Int) {
    base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit {
    base.deallocate()
  }

  /// Makes room for `capacity` bytes and keeps those in use.
  mutating func grow(to capacity: Int) {
    guard capacity > self.capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    self.capacity = capacity
  }

  /// Number of lines that begin in the bytes in use.
  var lineCount: Int {
    var lines = 0
    for position in 0..<count { lines &+= base[position] == UInt8(ascii: "\n") ? 1 : 0 }
    return count > 0 && base[count - 1] != UInt8(ascii: "\n") ? lines + 1 : lines
  }

  /// Position behind the last line end, 0 where there is none.
  var endOfLastLine: Int {
    var position = count
    while position > 0 && base[position - 1] != UInt8(ascii: "\n") { position -= 1 }
    return position
  }
}
