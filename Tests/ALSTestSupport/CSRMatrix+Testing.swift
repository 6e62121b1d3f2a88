import ALS

extension CSRMatrix {
  /// Builds a matrix from (row, column, value) triples in any order; equal pairs stay as several entries.
  public init(rows: Int, columns: Int, _ entries: [(Int, Int, Float)]) {
    self.init(rowCount: rows, columnCount: columns, entries: entries.map { ($0.0, $0.1, $0.2) })
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
