import ALS

extension CSRMatrix {
  /// Builds a matrix from (row, column, value) triples in any order; equal pairs stay as several entries.
  public init(rows: Int, columns: Int, _ entries: [(Int, Int, Float)]) {
    let sorted = entries.enumerated().sorted {
      ($0.element.0, $0.element.1, $0.offset) < ($1.element.0, $1.element.1, $1.offset)
    }
    var offsets = [Int](repeating: 0, count: rows + 1)
    for (row, _, _) in entries { offsets[row + 1] += 1 }
    for row in 0..<rows { offsets[row + 1] += offsets[row] }
    self.init(
      columnCount: columns, rowOffsets: offsets, columnIndices: sorted.map { Int32($0.element.1) },
      values: sorted.map(\.element.2))
  }

  /// All entries as (row, column, value).
  public var triples: [(row: Int, column: Int, value: Float)] {
    (0..<rowCount).flatMap { row in
      entries(ofRow: row).map { (row, Int(columnIndices[$0]), values[$0]) }
    }
  }

  /// A random matrix: every pair is rated with probability `density`, with a value from `values`. A function of the seed.
  public static func random(
    rows: Int, columns: Int, density: Double, values: [Float] = [1, 2, 3, 4, 5], seed: UInt64 = 1
  ) -> CSRMatrix {
    let philox = Philox(seed: seed)
    var entries: [(Int, Int, Float)] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let words = philox.block(UInt64(column), stream: UInt64(row))
        if Double(words[0]) * 0x1p-32 < density {
          entries.append((row, column, values[Int(words[1]) % values.count]))
        }
      }
    }
    return CSRMatrix(rows: rows, columns: columns, entries)
  }
}
