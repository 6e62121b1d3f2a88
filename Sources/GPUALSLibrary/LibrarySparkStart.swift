import ALS
import CGPUALS

/// `gpuals_spark_start` of the header, which says what it does.
@c(gpuals_spark_start)
public func sparkStart(
  _ seed: Int64, _ rank: Int32, _ blocks: Int32, _ rows: Int64, _ ids: UnsafePointer<Int32>?,
  _ factors: UnsafeMutablePointer<Float>?, _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> Int32 {
  outcome(message, messageSize) {
    let start = try SparkStart(seed: seed, rank: Int(rank), blocks: Int(blocks))
    try LibraryFailure.check("rows", rows)
    guard rows > 0 else { return GPUALS_OK }
    guard let ids, let factors else { throw LibraryFailure.nullPointer("ids or factors") }
    try start.write(
      ids: UnsafeBufferPointer(start: ids, count: Int(rows)),
      to: UnsafeMutableBufferPointer(start: factors, count: Int(rows) * Int(rank)))
    return GPUALS_OK
  }
}
