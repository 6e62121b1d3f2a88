import ALS
import OpenCL

/// `cpu_panel.cl`: one work-item per core takes rows from a counter, longest first.
struct CPUPanelHalfStep: HalfStep {
  private let kernel:
    Kernel<
      Buffer<Int32>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>,
      Buffer<Float>, Float, Buffer<Float>, Buffer<Int32>, Buffer<Int32>
    >
  private let rowOrder: Buffer<Int32>
  private let scratch: Buffer<Float>
  private let nextRow: Buffer<Int32>
  private let groups: Int

  /// Memory for scratch, at most (that of one work-group at least).
  private static let scratchBytes = 1 << 30

  /// Floats of a work-group's scratch, as `cpu_panel.cl` lays it out.
  static func scratchFloats(stride: Int, panelRows: Int) -> Int {
    stride * (stride + 8) + panelRows * stride + 4 * stride
  }

  init(program: Program, queue: CommandQueue, matrix: CSRMatrix, stride: Int, tuning: Tuning) throws(OpenCLError) {
    kernel = try Kernel(program, "cpu_panel_half_step")
    let context = queue.context
    let order = matrix.rowsByDescendingLength
    rowOrder = try Buffer(context, count: order.count, what: "the order of the rows")
    try queue.write(order, to: rowOrder)
    // A work-group for each core: whichever core comes to one takes rows until none is left.
    let scratchFloats = Self.scratchFloats(stride: stride, panelRows: tuning.panelRows)
    let affordable = Self.scratchBytes / (scratchFloats * MemoryLayout<Float>.size)
    groups = max(1, min(order.count, context.device.computeUnits, affordable))
    scratch = try Buffer(context, count: groups * scratchFloats, what: "the scratch memory of the solver")
    nextRow = try Buffer(context, count: 1, what: "the row counter")
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try queue.fill(nextRow, with: 0)
    try kernel.enqueue(
      on: queue, groups: groups, groupSize: 1, rowOrder, UInt32(inputs.ratings.rowCount), inputs.ratings.rowOffsets,
      inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer, inputs.solved.buffer, inputs.regularization,
      inputs.gramian, inputs.alpha, scratch, nextRow, inputs.status)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
