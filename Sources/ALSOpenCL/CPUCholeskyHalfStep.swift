import ALS
import OpenCL

/// `cpu_cholesky.cl`: one work-item per core takes batches of rows from a counter.
struct CPUCholeskyHalfStep: HalfStep {
  private let kernel:
    Kernel<
      Buffer<Int32>, Buffer<UInt32>, UInt32, Buffer<Float>, Buffer<Int32>, UInt32, FixedFactors, Buffer<Float>,
      HalfStepInputs
    >
  private let rows: CPURowQueue
  private let isImplicit: Bool
  private let dualRows: Int

  /// Floats of a work-group's scratch: A and the panel, then vectors, as the kernel lays them out.
  private static func scratchFloats(stride: Int, tuning: Tuning) -> Int {
    let panelRows = tuning.dualRows > 0 || tuning.isNonnegative ? max(stride, tuning.panelRows) : tuning.panelRows
    return (stride + panelRows) * CPURowQueue.rowFloats(stride: stride) + 6 * stride
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    CPURowQueue.footprint(
      of: rows, scratchFloats: scratchFloats(stride: stride, tuning: tuning), computeUnits: computeUnits,
      scratchBudget: scratchBudget)
  }

  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, stride: Int, isImplicit: Bool, tuning: Tuning,
    scratch: ScratchPool
  ) throws(OpenCLError) {
    kernel = try Kernel(program, "cpu_cholesky_half_step")
    self.isImplicit = isImplicit
    dualRows = tuning.dualRows
    rows = try CPURowQueue(
      queue, matrix: matrix, scratchFloats: Self.scratchFloats(stride: stride, tuning: tuning), scratch: scratch)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try rows.reset(on: queue)
    try kernel.enqueue(
      on: queue, groups: rows.groups, groupSize: 1, rows.order, rows.starts, UInt32(rows.batchCount),
      rows.scratch, rows.next, UInt32(isImplicit && inputs.rotation == nil ? 0 : dualRows),
      inputs.rotation?.fixed ?? inputs.fixed, inputs.rotation?.eigen ?? inputs.gramian, inputs)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
