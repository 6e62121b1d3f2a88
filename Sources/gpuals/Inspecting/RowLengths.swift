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

  /// Counts them.
  init(_ matrix: CSRMatrix) {
    let lengths = (0..<matrix.rowCount).map { matrix.entries(ofRow: $0).count }.sorted()
    least = lengths.first ?? 0
    median = lengths.isEmpty ? 0 : lengths[(lengths.count - 1) / 2]
    mean = Double(matrix.entryCount) / Double(max(lengths.count, 1))
    most = lengths.last ?? 0
  }

  /// In words.
  var text: String {
    "\(Quantity.significant(mean)) ratings each (median \(Quantity.grouped(median)), \(Quantity.grouped(least)) to"
      + " \(Quantity.grouped(most)))"
  }
}
