/// Draws from a fixed discrete distribution in constant time (Walker's alias method, Vose's construction).
struct AliasTable: Sendable {
  /// Per cell: the chance of keeping it, in 2⁻³², and what to take otherwise.
  private let cells: [(keep: UInt32, alias: UInt32)]

  /// For weights that are positive; an empty list makes a table that must not be drawn from. O(n).
  init(_ weights: [Double]) {
    let scale = Double(weights.count) / weights.reduce(0, +)
    var scaled = weights.map { $0 * scale }
    var cells = (0..<weights.count).map { (keep: UInt32.max, alias: UInt32($0)) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let s = small.popLast(), let l = large.last {
      cells[s] = (UInt32(min(scaled[s] * 0x1p32, 0x1p32 - 1)), UInt32(l))
      scaled[l] -= 1 - scaled[s]
      if scaled[l] < 1 { small.append(large.removeLast()) }
    }
    self.cells = cells
  }

  /// The index that two independent uniform words choose.
  func draw(_ first: UInt32, _ second: UInt32) -> Int {
    cells.withUnsafeBufferPointer { cells in
      let place = Int(UInt64(first) * UInt64(cells.count) >> 32)
      let cell = cells[place]
      return second <= cell.keep ? place : Int(cell.alias)
    }
  }
}
