import ALS
import OpenCL

/// A CSR matrix in the memory of a device.
struct DeviceMatrix {
  let rowCount: Int
  /// rows + 1 offsets, 64-bit.
  let rowOffsets: Buffer<UInt64>
  /// Column of each entry.
  let columns: Buffer<Int32>
  /// Rating of each entry.
  let ratings: Buffer<Float>

  /// Uploads a matrix. `what` names it in errors: "the ratings by user".
  init(_ matrix: CSRMatrix, on queue: CommandQueue, what: String) throws(OpenCLError) {
    let context = queue.context
    rowCount = matrix.rowCount
    rowOffsets = try Buffer(context, count: matrix.rowCount + 1, what: "the row offsets of \(what)")
    columns = try Buffer(context, count: matrix.entryCount, what: "the columns of \(what)")
    ratings = try Buffer(context, count: matrix.entryCount, what: what)
    try queue.write(matrix.rowOffsets.map(UInt64.init), to: rowOffsets)
    try queue.write(matrix.columnIndices, to: columns)
    try queue.write(matrix.values, to: ratings)
  }
}
