extension CSRMatrix {
  /// Splits the entries into training and held-out ones: each is drawn with probability `fraction`, as a function of
  /// (seed, row, column) alone, but every row and every column keeps at least one entry to be trained on.
  ///
  /// - Parameter fraction: within 0 ..< 1.
  public func holdingOut(fraction: Double, seed: UInt64) -> (training: CSRMatrix, heldOut: CSRMatrix) {
    // A key of its own, so that the split shares no numbers with the initial factors.
    let philox = Philox(seed: seed ^ 0x686f_6c64_6f75_7421)
    let threshold = UInt64(fraction * 0x1p32)
    var left = [Int](repeating: 0, count: columnCount)
    for column in columnIndices { left[Int(column)] += 1 }
    var parts = (Part(), Part())
    for row in 0..<rowCount {
      var leftInRow = entries(ofRow: row).count
      for entry in entries(ofRow: row) {
        let column = Int(columnIndices[entry])
        let word = philox.block(UInt64(column), stream: UInt64(row))[0]
        if UInt64(word) < threshold, leftInRow > 1, left[column] > 1 {
          leftInRow -= 1
          left[column] -= 1
          parts.1.append(columnIndices[entry], values[entry])
        } else {
          parts.0.append(columnIndices[entry], values[entry])
        }
      }
      parts.0.endRow()
      parts.1.endRow()
    }
    return (parts.0.matrix(columnCount: columnCount), parts.1.matrix(columnCount: columnCount))
  }

  private struct Part {
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []

    mutating func append(_ column: Int32, _ value: Float) {
      columns.append(column)
      values.append(value)
    }

    mutating func endRow() { offsets.append(columns.count) }

    func matrix(columnCount: Int) -> CSRMatrix {
      CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
    }
  }
}
