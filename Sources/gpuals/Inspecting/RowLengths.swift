import ALS

/// How many ratings the rows of a matrix have.
struct RowLengths: Encodable {
  /// The fewest.
  var least: Int
  /// Half of the rows have at most so many.
  var median: Int
  /// The mean.
  var mean: Double
  /// The most.
  var most: Int

  /// Counts them, in a matrix with rows.
  init(_ matrix: CSRMatrix) {
    (least, most) = (.max, 0)
    for row in 0..<matrix.rowCount {
      let length = matrix.entries(ofRow: row).count
      (least, most) = (min(least, length), max(most, length))
    }
    // Rows of each length: few numbers, where the lengths of millions of rows would show in the peak memory.
    var rowCounts = [Int](repeating: 0, count: most + 1)
    for row in 0..<matrix.rowCount { rowCounts[matrix.entries(ofRow: row).count] += 1 }
    median = 0
    var rows = rowCounts[0]
    while rows < (matrix.rowCount + 1) / 2 {
      median += 1
      rows += rowCounts[median]
    }
    mean = Double(matrix.entryCount) / Double(matrix.rowCount)
  }

  /// In words.
  var text: String {
    "\(Quantity.significant(mean)) ratings each (median \(Quantity.grouped(median)), \(Quantity.grouped(least)) to"
      + " \(Quantity.grouped(most)))"
  }
}
