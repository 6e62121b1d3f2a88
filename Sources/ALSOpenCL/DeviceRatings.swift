import ALS
import OpenCL

/// A matrix of ratings for a device, in the blocks of a plan. The row offsets of all blocks are on the device; the ratings of
/// streamed blocks pass through a ``RatingStream``.
struct DeviceRatings {
  /// A block and what of it stays on the device.
  struct Block {
    let rows: RowBlock
    let rowOffsets: Buffer<UInt64>
    /// Columns and ratings; `nil` if they are streamed.
    let entries: (columns: Buffer<Int32>, ratings: Buffer<Float>)?
  }

  /// The ratings on the host: streams read them, and shared buffers are made of them.
  let matrix: CSRMatrix
  let blocks: [Block]

  /// Uploads what stays. `what` names it in errors: "the ratings by user".
  init(_ matrix: CSRMatrix, blocks planned: [MemoryPlan.Block], on queue: CommandQueue, what: String)
    throws(OpenCLError)
  {
    self.matrix = matrix
    let context = queue.context
    var blocks: [Block] = []
    for plan in planned {
      let rows = RowBlock(matrix: matrix, rows: plan.rows)
      let part = rows.entries
      let entries: (columns: Buffer<Int32>, ratings: Buffer<Float>)?
      switch plan.placement {
      case .streamed: entries = nil
      case .shared where !part.isEmpty:
        entries = (
          try Buffer(context, sharing: matrix.columnIndices, part, what: "the columns of \(what)"),
          try Buffer(context, sharing: matrix.values, part, what: what)
        )
      case .shared, .resident:
        let columns: Buffer<Int32> = try Buffer(context, count: part.count, what: "the columns of \(what)")
        let ratings: Buffer<Float> = try Buffer(context, count: part.count, what: what)
        try matrix.columnIndices.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in
          try queue.write(UnsafeBufferPointer(rebasing: pointer[part]), to: columns)
        }
        try matrix.values.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in
          try queue.write(UnsafeBufferPointer(rebasing: pointer[part]), to: ratings)
        }
        entries = (columns, ratings)
      }
      let offsetsName = "the row offsets of \(what)"
      let rowOffsets: Buffer<UInt64>
      if plan.placement == .shared, plan.rows == 0..<matrix.rowCount {
        rowOffsets = try Buffer(context, sharing: matrix.rowOffsets, 0..<matrix.rowOffsets.count, what: offsetsName)
      } else {
        rowOffsets = try Buffer(context, count: plan.rows.count + 1, what: offsetsName)
        let offsets = matrix.rowOffsets[plan.rows.lowerBound...plan.rows.upperBound]
        try queue.write(offsets.map { UInt64($0 - part.lowerBound) }, to: rowOffsets)
      }
      blocks.append(Block(rows: rows, rowOffsets: rowOffsets, entries: entries))
    }
    self.blocks = blocks
  }
}
