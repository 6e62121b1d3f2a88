import ALS
import OpenCL

/// `cpu_cholesky.cl`: one work-item per core takes rows from a counter, longest first.
struct CPUCholeskyHalfStep: HalfStep {
  private let kernel:
    Kernel<
      Buffer<Int32>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>,
      Buffer<Float>, Float, Buffer<Float>, Buffer<Int32>, Buffer<Int32>
    >
  private let rows: CPURowQueue

  init(program: Program, queue: CommandQueue, matrix: CSRMatrix, stride: Int, tuning: Tuning) throws(OpenCLError) {
    kernel = try Kernel(program, "cpu_cholesky_half_step")
    // A and the panel, then vectors, as the kernel lays them out.
    let panelRows = tuning.dualRows > 0 ? max(stride, tuning.panelRows) : tuning.panelRows
    let matrixFloats = (stride + panelRows) * CPURowQueue.rowFloats(stride: stride)
    rows = try CPURowQueue(queue, matrix: matrix, scratchFloats: matrixFloats + 4 * stride)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try rows.reset(on: queue)
    try kernel.enqueue(
      on: queue, groups: rows.groups, groupSize: 1, rows.order, UInt32(inputs.ratings.rowCount),
      inputs.ratings.rowOffsets, inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer,
      inputs.solved.buffer, inputs.regularization, inputs.gramian, inputs.alpha, rows.scratch, rows.next,
      inputs.status)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
