import ALS
import OpenCL

/// `gpu_global_tiles.cl`: one work-group per row, matrices in global memory; as many rows at once as the scratch holds.
struct GPUGlobalTilesHalfStep: HalfStep {
  private let kernel:
    Kernel<
      Buffer<Int32>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>,
      Buffer<Float>, Float, Buffer<Float>, Buffer<Int32>
    >
  private let rowOrder: Buffer<Int32>
  private let scratch: ScratchPool
  private let rowsAtOnce: Int
  private let groupSize: Int

  /// Memory for the matrices, at most (one matrix at least).
  private static let matrixBytes = 256 << 20
  private static let scratchName = "the matrices of the solver"

  private static func matrixFloats(stride: Int, tuning: Tuning) -> Int {
    let side = stride / tuning.tile
    return side * (side + 1) / 2 * tuning.tile * tuning.tile
  }

  private static func rowsAtOnce(rows: Int, stride: Int, tuning: Tuning, scratchBudget: Int) -> Int {
    let bytes = matrixFloats(stride: stride, tuning: tuning) * MemoryLayout<Float>.size
    return max(1, min(rows, min(matrixBytes, scratchBudget) / bytes))
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let rowsAtOnce = rowsAtOnce(rows: rows.rowCount, stride: stride, tuning: tuning, scratchBudget: scratchBudget)
    return HalfStepFootprint(
      planBytes: rows.rowCount * MemoryLayout<Int32>.size, bytesPerBlock: 0,
      scratch: [scratchName: rowsAtOnce * matrixFloats(stride: stride, tuning: tuning) * MemoryLayout<Float>.size])
  }

  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, stride: Int, tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    kernel = try Kernel(program, "gpu_global_tiles_half_step")
    groupSize = tuning.workGroupSize
    let order = matrix.rowsByDescendingLength
    rowsAtOnce = Self.rowsAtOnce(
      rows: order.count, stride: stride, tuning: tuning, scratchBudget: scratch.budgetBytes)
    scratch.need(rowsAtOnce * Self.matrixFloats(stride: stride, tuning: tuning), for: Self.scratchName)
    self.scratch = scratch
    rowOrder = try Buffer(queue.context, count: order.count, what: "the order of the rows")
    try queue.write(order, to: rowOrder)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    for first in stride(from: 0, to: rowOrder.count, by: rowsAtOnce) {
      try kernel.enqueue(
        on: queue, groups: min(rowsAtOnce, rowOrder.count - first), groupSize: groupSize, rowOrder, UInt32(first),
        inputs.ratings.rowOffsets, inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer,
        inputs.solved.buffer, inputs.regularization, inputs.gramian, inputs.alpha,
        scratch.buffer(for: Self.scratchName),
        inputs.status)
    }
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
