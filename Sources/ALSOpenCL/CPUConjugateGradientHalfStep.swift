import ALS
import OpenCL

/// `cpu_conjugate_gradient.cl`: one work-item per core takes batches of rows from a counter.
struct CPUConjugateGradientHalfStep: HalfStep {
  private let kernel:
    Kernel<Buffer<Int32>, Buffer<UInt32>, UInt32, Buffer<Float>, Buffer<Int32>, UInt32, HalfStepInputs>
  private let rows: CPURowQueue
  private let steps: UInt32

  /// Floats of a work-group's scratch: the Gramian, then vectors, as the kernel lays them out.
  private static func scratchFloats(stride: Int) -> Int {
    stride * CPURowQueue.rowFloats(stride: stride) + 5 * stride
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    CPURowQueue.footprint(
      of: rows, scratchFloats: scratchFloats(stride: stride), computeUnits: computeUnits, scratchBudget: scratchBudget)
  }

  /// - Parameter steps: of the method, at most, for each row.
  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, stride: Int, tuning: Tuning, steps: Int,
    scratch: ScratchPool
  ) throws(OpenCLError) {
    kernel = try Kernel(program, "cpu_conjugate_gradient_half_step")
    rows = try CPURowQueue(queue, matrix: matrix, scratchFloats: Self.scratchFloats(stride: stride), scratch: scratch)
    self.steps = UInt32(steps)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try rows.reset(on: queue)
    try kernel.enqueue(
      on: queue, groups: rows.groups, groupSize: 1, rows.order, rows.starts, UInt32(rows.batchCount),
      rows.scratch, rows.next, steps, inputs)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
