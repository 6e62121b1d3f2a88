import ALS
import ALSOpenCL
import CGPUALS
import Recommendation

/// `gpuals_top_n` of the header.
@c(gpuals_top_n)
public func topN(
  _ device: OpaquePointer?, _ rows: Int64, _ columnCount: Int64, _ rank: Int32, _ rowFactors: UnsafePointer<Float>?,
  _ columnFactors: UnsafePointer<Float>?, _ excluded: UnsafePointer<gpuals_csr>?, _ n: Int32,
  _ columns: UnsafeMutablePointer<Int32>?, _ scores: UnsafeMutablePointer<Float>?,
  _ message: UnsafeMutablePointer<CChar>?,
  _ messageSize: Int
) -> Int32 {
  outcome(message, messageSize) {
    let device = try LibraryDevice.of(device)
    guard let rowFactors, let columnFactors, let columns, let scores else {
      throw LibraryFailure.nullPointer("row_factors, column_factors, columns or scores")
    }
    for (name, value) in [("rows", rows), ("column_count", columnCount)] where value < 0 || value > Int64(Int32.max) {
      throw LibraryFailure.tooLarge(name, Int(value))
    }
    guard rank >= 1, n >= 1 else { throw LibraryFailure.shape("rank and n must be at least 1") }
    let (rowCount, count) = (Int(rows), Int(n))
    var seen: [CSRMatrix] = []
    if excluded != nil {
      let matrix = try CSRMatrix(excluded, checksValues: false)
      guard matrix.rowCount == rowCount, matrix.columnCount == Int(columnCount) else {
        throw LibraryFailure.shape(
          "excluded is \(matrix.rowCount) x \(matrix.columnCount), but must be \(rowCount) x \(columnCount)")
      }
      seen.append(matrix)
    }
    let factors = Factors(
      user: FactorMatrix(rank: Int(rank), copying: rowFactors, rows: rowCount),
      item: FactorMatrix(rank: Int(rank), copying: columnFactors, rows: Int(columnCount)))
    let allowed = [Bool](repeating: true, count: Int(columnCount))
    let users = Array(0..<rowCount)
    let lists: [[ScoredRow]]
    if let opened = device.device,
      OpenCLRecommender.pays(count: count, userCount: rowCount, itemCount: Int(columnCount), rank: Int(rank))
    {
      lists = try device.compute { _ in
        try OpenCLRecommender(
          device: opened, kernelFamily: nil, factors: factors, allowed: allowed, seen: seen, count: count,
          mostUsers: rowCount
        ).lists(forUsers: users[...])
      }
    } else {
      lists = Recommender(factors: factors, allowed: allowed, seen: seen, count: count).lists(forUsers: users[...])
    }
    for (row, list) in lists.enumerated() {
      for place in 0..<count {
        columns[row * count + place] = place < list.count ? Int32(list[place].row) : -1
        scores[row * count + place] = place < list.count ? list[place].score : -.infinity
      }
    }
    return GPUALS_OK
  }
}
