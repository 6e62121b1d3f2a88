import ALS

/// Rows of ratings as far as a solver's plan needs to know them: how many, and how long.
package protocol RatingRows {
  /// Number of rows.
  var rowCount: Int { get }
  /// Number of ratings.
  var entryCount: Int { get }
  /// The range of entries of a row.
  func entries(ofRow row: Int) -> Range<Int>
}

extension CSRMatrix: RatingRows {}

/// Consecutive rows of a matrix, numbered from 0, with entries numbered from 0.
struct RowBlock: RatingRows {
  let matrix: CSRMatrix
  /// The rows within the matrix.
  let rows: Range<Int>

  /// The entries within the matrix.
  var entries: Range<Int> { matrix.rowOffsets[rows.lowerBound]..<matrix.rowOffsets[rows.upperBound] }
  var rowCount: Int { rows.count }
  var entryCount: Int { entries.count }

  func entries(ofRow row: Int) -> Range<Int> {
    let first = matrix.rowOffsets[rows.lowerBound]
    let range = matrix.entries(ofRow: rows.lowerBound + row)
    return range.lowerBound - first..<range.upperBound - first
  }
}

extension RatingRows {
  /// All rows, longest first, so that no core is left with a long row at the end; rows of equal length in row order. A counting
  /// sort: O(rows + longest row).
  var rowsByDescendingLength: [Int32] {
    let lengths = (0..<rowCount).map { entries(ofRow: $0).count }
    let longest = lengths.max() ?? 0
    // The place of the next row of each length, counted from the longest.
    var places = [Int](repeating: 0, count: longest + 2)
    for length in lengths { places[longest - length + 1] += 1 }
    for k in 1..<places.count { places[k] += places[k - 1] }
    var order = [Int32](repeating: 0, count: rowCount)
    for (row, length) in lengths.enumerated() {
      order[places[longest - length]] = Int32(row)
      places[longest - length] += 1
    }
    return order
  }
}
