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
    try LibraryFailure.check("rows", rows)
    try LibraryFailure.check("column_count", columnCount)
    guard rank >= 1, n >= 1 else { throw LibraryFailure.shape("rank and n must be at least 1") }
    let (rowCount, count) = (Int(rows), Int(n))
    guard rowCount > 0 else { return GPUALS_OK }
    guard let rowFactors, let columns, let scores else {
      throw LibraryFailure.nullPointer("row_factors, columns or scores")
    }
    guard columnFactors != nil || columnCount == 0 else { throw LibraryFailure.nullPointer("column_factors") }
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
      item: columnFactors.map { FactorMatrix(rank: Int(rank), copying: $0, rows: Int(columnCount)) }
        ?? FactorMatrix(zeros: 0, rank: Int(rank)))
    let allowed = [Bool](repeating: true, count: Int(columnCount))
    /// Lists of some rows at a time, which bounds the memory that they take beside the caller's.
    func write(_ lists: (ArraySlice<Int>) throws -> [[ScoredRow]]) throws {
      let all = Array(0..<rowCount)
      for first in stride(from: 0, to: rowCount, by: listsAtOnce) {
        for (row, list) in zip(first..., try lists(all[first..<min(rowCount, first + listsAtOnce)])) {
          for place in 0..<count {
            columns[row * count + place] = place < list.count ? Int32(list[place].row) : -1
            scores[row * count + place] = place < list.count ? list[place].score : -.infinity
          }
        }
      }
    }
    if let opened = device.device,
      OpenCLRecommender.pays(count: count, userCount: rowCount, itemCount: Int(columnCount), rank: Int(rank))
    {
      let matrices = seen
      try write { rows in
        try device.compute { _ in
          try OpenCLRecommender(
            device: opened, kernelFamily: nil, factors: factors, allowed: allowed, seen: matrices, count: count,
            mostUsers: rows.count
          ).lists(forUsers: rows)
        }
      }
    } else {
      try write(Recommender(factors: factors, allowed: allowed, seen: seen, count: count).lists(forUsers:))
    }
    return GPUALS_OK
  }
}

/// Lists that are made at a time.
private let listsAtOnce = 1 << 16
