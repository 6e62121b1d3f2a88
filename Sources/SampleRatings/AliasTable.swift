/// Draws from fixed discrete distributions in constant time (Walker's alias method, Vose's construction).
struct AliasTable: Sendable {
  /// A value, the chance of keeping it, in 2⁻³², and the value to take otherwise.
  private struct Cell {
    var own: UInt32
    var keep: UInt32
    var other: UInt32
  }

  /// The cells of all distributions, one after another.
  private var cells: [Cell] = []
  /// Where each distribution begins, and where the last ends.
  private var starts = [0]

  /// A table without distributions.
  init() {}

  /// Adds a distribution: `values`, each in proportion to its positive weight. One without values must not be drawn from.
  /// O(n).
  mutating func append(_ values: [UInt32], weights: [Double]) {
    let scale = Double(weights.count) / weights.reduce(0, +)
    var scaled = weights.map { $0 * scale }
    var added = values.map { Cell(own: $0, keep: .max, other: $0) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let s = small.popLast(), let l = large.last {
      added[s].keep = UInt32(min(scaled[s] * 0x1p32, 0x1p32 - 1))
      added[s].other = values[l]
      scaled[l] -= 1 - scaled[s]
      if scaled[l] < 1 { small.append(large.removeLast()) }
    }
    cells += added
    starts.append(cells.count)
  }

  /// The value of a distribution that two independent uniform words choose.
  func draw(_ distribution: Int, _ first: UInt32, _ second: UInt32) -> UInt32 {
    let start = starts[distribution]
    let place = start + Int((UInt64(first) * UInt64(starts[distribution + 1] - start)) >> 32)
    let cell = cells[place]
    return second <= cell.keep ? cell.own : cell.other
  }
}
