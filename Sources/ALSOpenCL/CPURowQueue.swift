import ALS
import OpenCL

/// How the CPU kernels share rows: a work-group of one work-item for each core, each with its own scratch, takes the next row from
/// a common counter, longest rows first.
struct CPURowQueue {
  /// Rows in the order in which they are taken.
  let order: Buffer<Int32>
  /// The counter.
  let next: Buffer<Int32>
  /// Scratch of all work-groups.
  let scratch: Buffer<Float>
  /// Work-groups to launch: whichever core comes to one takes rows until none is left.
  let groups: Int

  /// Memory for scratch, at most (that of one work-group at least).
  private static let scratchBytes = 1 << 30

  /// Floats from one row of a matrix to the next, as `cpu_tiles.cl` lays it out.
  static func rowFloats(stride: Int) -> Int { stride + 8 }

  /// - Parameter scratchFloats: of one work-group.
  init(_ queue: CommandQueue, matrix: CSRMatrix, scratchFloats: Int) throws(OpenCLError) {
    let context = queue.context
    let rows = matrix.rowsByDescendingLength
    order = try Buffer(context, count: rows.count, what: "the order of the rows")
    try queue.write(rows, to: order)
    let affordable = Self.scratchBytes / (scratchFloats * MemoryLayout<Float>.size)
    groups = max(1, min(rows.count, context.device.computeUnits, affordable))
    scratch = try Buffer(context, count: groups * scratchFloats, what: "the scratch memory of the solver")
    next = try Buffer(context, count: 1, what: "the row counter")
  }

  /// Enqueues a new start from the first row.
  func reset(on queue: CommandQueue) throws(OpenCLError) { try queue.fill(next, with: 0) }
}
