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
  private let scratch: ScratchPool
  private let nextRow: Buffer<Int32>
  private let groups: Int

  /// Memory for scratch, at most (that of one work-group at least).
  private static let scratchBytes = 1 << 30
  private static let scratchName = "the scratch memory of the solver"

  /// Floats of a work-group's scratch, as `cpu_panel.cl` lays it out.
  static func scratchFloats(stride: Int, panelRows: Int) -> Int {
    stride * (stride + 8) + panelRows * stride + 4 * stride
  }

  /// Work-groups: one for each core takes rows until none is left.
  private static func groups(rows: Int, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int) -> Int {
    let bytes = scratchFloats(stride: stride, panelRows: tuning.panelRows) * MemoryLayout<Float>.size
    return max(1, min(rows, computeUnits, min(scratchBytes, scratchBudget) / bytes))
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let groups = groups(
      rows: rows.rowCount, stride: stride, tuning: tuning, computeUnits: computeUnits, scratchBudget: scratchBudget)
    let floats = groups * scratchFloats(stride: stride, panelRows: tuning.panelRows)
    return HalfStepFootprint(
      planBytes: rows.rowCount * MemoryLayout<Int32>.size, bytesPerBlock: MemoryLayout<Int32>.size,
      scratch: [scratchName: floats * MemoryLayout<Float>.size])
  }

  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, stride: Int, tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    kernel = try Kernel(program, "cpu_panel_half_step")
    let context = queue.context
    let order = matrix.rowsByDescendingLength
    rowOrder = try Buffer(context, count: order.count, what: "the order of the rows")
    try queue.write(order, to: rowOrder)
    groups = Self.groups(
      rows: order.count, stride: stride, tuning: tuning, computeUnits: context.device.computeUnits,
      scratchBudget: scratch.budgetBytes)
    scratch.need(groups * Self.scratchFloats(stride: stride, panelRows: tuning.panelRows), for: Self.scratchName)
    self.scratch = scratch
    nextRow = try Buffer(context, count: 1, what: "the row counter")
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try queue.fill(nextRow, with: 0)
    try kernel.enqueue(
      on: queue, groups: groups, groupSize: 1, rowOrder, UInt32(inputs.ratings.rowCount), inputs.ratings.rowOffsets,
      inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer, inputs.solved.buffer, inputs.regularization,
      inputs.gramian, inputs.alpha, scratch.buffer(for: Self.scratchName), nextRow, inputs.status)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
