import ALS
import OpenCL

/// A factor matrix in the memory of a device, in as many buffers as its ``FactorSegments`` say: each row is padded with zeros
/// from `rank` to `stride` floats.
struct DeviceFactors {
  let rank: Int
  let stride: Int
  let segments: FactorSegments
  /// One for each segment.
  let buffers: [Buffer<Float>]

  var rowCount: Int { segments.rowCount }

  /// The factors as they are, for a half-step that reads them in 32 bits.
  var fixed: FixedFactors { FixedFactors(segments: segments, buffers: buffers) }

  /// Some of the rows in the same memory.
  ///
  /// - Precondition: they are in one segment, and start at a multiple of the device's `partAlignmentBytes` in it.
  func rows(_ rows: Range<Int>, what: String) throws(OpenCLError) -> FactorRows {
    let segment = segments.segment(ofRow: rows.lowerBound)
    let whole = segments.rows(ofSegment: segment)
    if rows == whole { return FactorRows(rowCount: rows.count, buffer: buffers[segment]) }
    let offset = (rows.lowerBound - whole.lowerBound) * stride
    return FactorRows(
      rowCount: rows.count,
      buffer: try Buffer(partOf: buffers[segment], offset: offset, count: rows.count * stride, what: what))
  }

  /// Rows that are moved at a time: bounds the staging memory on the host.
  private static let blockRows = 1 << 16

  /// Uploads a matrix.
  init(_ matrix: FactorMatrix, segments: FactorSegments, on queue: CommandQueue, what: String) throws(OpenCLError) {
    precondition(segments.rowCount == matrix.rowCount)
    let rank = matrix.rank
    let stride = Tuning.stride(rank: rank)
    self.rank = rank
    self.stride = stride
    self.segments = segments
    var buffers: [Buffer<Float>] = []
    for segment in 0..<segments.count {
      buffers.append(
        try Buffer(queue.context, count: segments.rows(ofSegment: segment).count * stride, what: what))
    }
    self.buffers = buffers
    var block = [Float](repeating: 0, count: min(Self.blockRows, matrix.rowCount) * stride)
    try forEachBlock(of: 0..<matrix.rowCount) { (rows, buffer, offset) throws(OpenCLError) in
      matrix.values.withUnsafeBufferPointer { values in
        block.withUnsafeMutableBufferPointer { block in
          for (place, row) in rows.enumerated() {
            for k in 0..<rank { block[place * stride + k] = values[row * rank + k] }
          }
        }
      }
      try block.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in
        try queue.write(UnsafeBufferPointer(rebasing: pointer[..<(rows.count * stride)]), to: buffer, offset: offset)
      }
    }
  }

  /// Downloads the first `rank` columns of the matrix.
  func download(from queue: CommandQueue, columns rank: Int) throws(OpenCLError) -> FactorMatrix {
    var failure: OpenCLError?
    let values = [Float](unsafeUninitializedCapacity: rowCount * rank) { out, initializedCount in
      var block = [Float](repeating: 0, count: min(Self.blockRows, rowCount) * stride)
      do throws(OpenCLError) {
        try forEachBlock(of: 0..<rowCount) { (rows, buffer, offset) throws(OpenCLError) in
          try block.withUnsafeMutableBufferPointer { (block) throws(OpenCLError) in
            try queue.read(
              buffer, offset: offset, into: UnsafeMutableBufferPointer(rebasing: block[..<(rows.count * stride)]))
            for (place, row) in rows.enumerated() {
              for k in 0..<rank { out[row * rank + k] = block[place * stride + k] }
            }
          }
        }
        initializedCount = rowCount * rank
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return FactorMatrix(rank: rank, values: values)
  }

  /// Copies some rows as they are, `stride` floats each, to their places in an area on the host that has room for all.
  func read(_ rows: Range<Int>, into area: UnsafeMutableBufferPointer<Float>, from queue: CommandQueue)
    throws(OpenCLError)
  {
    try forEachBlock(of: rows) { (rows, buffer, offset) throws(OpenCLError) in
      let part = rows.lowerBound * stride..<rows.upperBound * stride
      try queue.read(buffer, offset: offset, into: UnsafeMutableBufferPointer(rebasing: area[part]))
    }
  }

  /// The other way.
  func write(_ rows: Range<Int>, of area: UnsafeBufferPointer<Float>, on queue: CommandQueue) throws(OpenCLError) {
    try forEachBlock(of: rows) { (rows, buffer, offset) throws(OpenCLError) in
      let part = rows.lowerBound * stride..<rows.upperBound * stride
      try queue.write(UnsafeBufferPointer(rebasing: area[part]), to: buffer, offset: offset)
    }
  }

  /// Calls `body` with ranges of at most `blockRows` of some rows, the buffer that has them, and the element of it where they start.
  private func forEachBlock(
    of rows: Range<Int>, _ body: (Range<Int>, Buffer<Float>, Int) throws(OpenCLError) -> Void
  ) throws(OpenCLError) {
    for (segment, buffer) in buffers.enumerated() {
      let whole = segments.rows(ofSegment: segment)
      let part = rows.clamped(to: whole)
      for start in Swift.stride(from: part.lowerBound, to: part.upperBound, by: Self.blockRows) {
        try body(start..<min(start + Self.blockRows, part.upperBound), buffer, (start - whole.lowerBound) * stride)
      }
    }
  }
}
