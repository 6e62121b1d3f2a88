import ALS
import RatingsIO

/// Writes a matrix as bare arrays in the machine's byte order, for measuring programs that `numpy.fromfile` reads them with.
enum MatrixExport {
  /// Writes `row_offsets.i64` (rows + 1), `columns.i32` and `values.f32` into a directory that is there.
  static func write(_ matrix: CSRMatrix, to directory: String) throws {
    try write(matrix.rowOffsets, to: "\(directory)/row_offsets.i64")
    try write(matrix.columnIndices, to: "\(directory)/columns.i32")
    try write(matrix.values, to: "\(directory)/values.f32")
  }

  private static func write(_ elements: [some BitwiseCopyable], to path: String) throws {
    let file = try AtomicFile(path)
    try elements.withUnsafeBytes { try file.write($0) }
    try file.commit()
  }
}
