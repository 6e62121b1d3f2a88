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
  private let matrices: Buffer<Float>
  private let rowsAtOnce: Int
  private let groupSize: Int

  /// Memory for the matrices, at most (one matrix at least).
  private static let matrixBytes = 256 << 20

  init(program: Program, queue: CommandQueue, matrix: CSRMatrix, stride: Int, tuning: Tuning) throws(OpenCLError) {
    kernel = try Kernel(program, "gpu_global_tiles_half_step")
    groupSize = tuning.workGroupSize
    let order = matrix.rowsByDescendingLength
    let side = stride / tuning.tile
    let matrixFloats = side * (side + 1) / 2 * tuning.tile * tuning.tile
    rowsAtOnce = max(1, min(order.count, Self.matrixBytes / (matrixFloats * MemoryLayout<Float>.size)))
    rowOrder = try Buffer(queue.context, count: order.count, what: "the order of the rows")
    matrices = try Buffer(queue.context, count: rowsAtOnce * matrixFloats, what: "the matrices of the solver")
    try queue.write(order, to: rowOrder)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    for first in stride(from: 0, to: rowOrder.count, by: rowsAtOnce) {
      try kernel.enqueue(
        on: queue, groups: min(rowsAtOnce, rowOrder.count - first), groupSize: groupSize, rowOrder, UInt32(first),
        inputs.ratings.rowOffsets, inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer,
        inputs.solved.buffer, inputs.regularization, inputs.gramian, inputs.alpha, matrices, inputs.status)
    }
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
