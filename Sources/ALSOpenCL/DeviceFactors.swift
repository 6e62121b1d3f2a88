import ALS
import OpenCL

/// A factor matrix in the memory of a device: each row is padded with zeros from `rank` to `stride` floats.
struct DeviceFactors {
  let rowCount: Int
  let rank: Int
  let stride: Int
  let buffer: Buffer<Float>

  /// The factors as they are, for a half-step that reads them in 32 bits.
  var fixed: FixedFactors { FixedFactors(rowCount: rowCount, buffer: buffer) }

  /// Some of the rows, as a matrix of their own in the same memory.
  ///
  /// - Precondition: they start at a multiple of the device's `partAlignmentBytes`.
  func rows(_ rows: Range<Int>, what: String) throws(OpenCLError) -> DeviceFactors {
    if rows == 0..<rowCount { return self }
    return DeviceFactors(
      rowCount: rows.count, rank: rank, stride: stride,
      buffer: try Buffer(partOf: buffer, offset: rows.lowerBound * stride, count: rows.count * stride, what: what))
  }

  private init(rowCount: Int, rank: Int, stride: Int, buffer: Buffer<Float>) {
    self.rowCount = rowCount
    self.rank = rank
    self.stride = stride
    self.buffer = buffer
  }

  /// Rows that are moved at a time: bounds the staging memory on the host.
  private static let blockRows = 1 << 16

  /// Uploads a matrix.
  init(_ matrix: FactorMatrix, on queue: CommandQueue, what: String) throws(OpenCLError) {
    rowCount = matrix.rowCount
    rank = matrix.rank
    stride = Tuning.stride(rank: matrix.rank)
    buffer = try Buffer(queue.context, count: matrix.rowCount * Tuning.stride(rank: matrix.rank), what: what)
    var block = [Float](repeating: 0, count: min(Self.blockRows, rowCount) * stride)
    for start in Swift.stride(from: 0, to: rowCount, by: Self.blockRows) {
      let rows = min(Self.blockRows, rowCount - start)
      matrix.values.withUnsafeBufferPointer { values in
        block.withUnsafeMutableBufferPointer { block in
          for row in 0..<rows {
            for k in 0..<rank { block[row * stride + k] = values[(start + row) * rank + k] }
          }
        }
      }
      try block.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in
        try queue.write(
          UnsafeBufferPointer(rebasing: pointer[..<(rows * stride)]), to: buffer, offset: start * stride)
      }
    }
  }

  /// Downloads the matrix without its padding.
  func download(from queue: CommandQueue) throws(OpenCLError) -> FactorMatrix {
    var failure: OpenCLError?
    let values = [Float](unsafeUninitializedCapacity: rowCount * rank) { out, initializedCount in
      var block = [Float](repeating: 0, count: min(Self.blockRows, rowCount) * stride)
      for start in Swift.stride(from: 0, to: rowCount, by: Self.blockRows) {
        let rows = min(Self.blockRows, rowCount - start)
        block.withUnsafeMutableBufferPointer { block in
          do throws(OpenCLError) {
            try queue.read(
              buffer, offset: start * stride, into: UnsafeMutableBufferPointer(rebasing: block[..<(rows * stride)]))
          } catch {
            failure = error
          }
          for row in 0..<rows {
            for k in 0..<rank { out[(start + row) * rank + k] = block[row * stride + k] }
          }
        }
        if failure != nil { return }
      }
      initializedCount = rowCount * rank
    }
    if let failure { throw failure }
    return FactorMatrix(rank: rank, values: values)
  }
}
