import ALS
import OpenCL

/// How the CPU kernels share rows: a work-group of one work-item for each core, each with its own scratch, takes the next rows from
/// a common counter; see ``RowBatches``.
struct CPURowQueue {
  /// Rows in the order in which they are taken.
  let order: Buffer<Int32>
  /// Where in ``order`` each batch starts, and where the last one ends.
  let starts: Buffer<UInt32>
  let batchCount: Int
  /// The counter.
  let next: Buffer<Int32>
  /// Work-groups to launch: whichever core comes to one takes rows until none is left.
  let groups: Int
  private let pool: ScratchPool

  /// Memory for scratch, at most (that of one work-group at least).
  private static let scratchBytes = 1 << 30
  private static let scratchName = "the scratch memory of the solver"

  /// Floats from one row of a matrix to the next, as `cpu_tiles.cl` lays it out.
  static func rowFloats(stride: Int) -> Int { stride + 8 }

  private static func groups(rows: Int, scratchFloats: Int, computeUnits: Int, scratchBudget: Int) -> Int {
    let bytes = scratchFloats * MemoryLayout<Float>.size
    return max(1, min(rows, computeUnits, min(scratchBytes, scratchBudget) / bytes))
  }

  /// What it will take on the device.
  ///
  /// - Parameter scratchFloats: of one work-group.
  static func footprint(of rows: some RatingRows, scratchFloats: Int, computeUnits: Int, scratchBudget: Int)
    -> HalfStepFootprint
  {
    let groups = groups(
      rows: rows.rowCount, scratchFloats: scratchFloats, computeUnits: computeUnits, scratchBudget: scratchBudget)
    return HalfStepFootprint(
      // The order of the rows, and at most as many batches.
      planBytes: 2 * rows.rowCount * MemoryLayout<Int32>.size,
      bytesPerBlock: 2 * MemoryLayout<Int32>.size,
      scratch: [scratchName: groups * scratchFloats * MemoryLayout<Float>.size])
  }

  /// - Parameter scratchFloats: of one work-group.
  init(_ queue: CommandQueue, matrix: RowBlock, scratchFloats: Int, scratch pool: ScratchPool) throws(OpenCLError) {
    let context = queue.context
    let batches = RowBatches(matrix, computeUnits: context.device.computeUnits)
    batchCount = batches.starts.count - 1
    order = try Buffer(context, count: batches.order.count, what: "the order of the rows")
    try queue.write(batches.order, to: order)
    starts = try Buffer(context, count: batches.starts.count, what: "the batches of the rows")
    try queue.write(batches.starts, to: starts)
    groups = Self.groups(
      rows: matrix.rowCount, scratchFloats: scratchFloats, computeUnits: context.device.computeUnits,
      scratchBudget: pool.budgetBytes)
    pool.need(groups * scratchFloats, for: Self.scratchName)
    self.pool = pool
    next = try Buffer(context, count: 1, what: "the row counter")
  }

  /// Scratch of all work-groups; there once the pool is allocated.
  var scratch: Buffer<Float> { get throws(OpenCLError) { try pool.buffer(for: Self.scratchName) } }

  /// Enqueues a new start from the first row.
  func reset(on queue: CommandQueue) throws(OpenCLError) { try queue.fill(next, with: 0) }
}
