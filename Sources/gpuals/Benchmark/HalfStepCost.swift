import ALS

/// What a half-step costs by the formulas that methods and machines are compared by, whatever is really computed.
///
/// Exact Cholesky, m rows with ratings, nnz ratings, rank f:
/// operations = nnz·f·(f+1) + 2·nnz·f + m·(f³/3 + 2f²); bytes gathered = nnz·(4f + 8).
struct HalfStepCost {
  /// Operations of building and solving all rows.
  var operations: Double
  /// Bytes of factors, indices and ratings that are read.
  var gatheredBytes: Double
  /// Operations of YᵀY of the fixed side, rows·f·(f+1); 0 in explicit training.
  var gramianOperations: Double

  /// - Parameters:
  ///   - ratings: rows are those solved, columns those fixed.
  init(_ ratings: CSRMatrix, rank: Int, feedback: Feedback) {
    let f = Double(rank)
    let entries = Double(ratings.entryCount)
    let rows = Double((0..<ratings.rowCount).count { !ratings.entries(ofRow: $0).isEmpty })
    operations = entries * f * (f + 1) + 2 * entries * f + rows * (f * f * f / 3 + 2 * f * f)
    gatheredBytes = entries * (4 * f + 8)
    gramianOperations = feedback.isImplicit ? Double(ratings.columnCount) * f * (f + 1) : 0
  }
}
