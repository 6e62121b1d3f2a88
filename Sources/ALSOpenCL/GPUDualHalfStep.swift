import ALS
import OpenCL

/// `gpu_dual.cl`: rows with fewer ratings than factors, a team of work-items each.
struct GPUDualHalfStep: HalfStep {
  private let kernel: Kernel<Buffer<Int32>, UInt32, HalfStepInputs>
  private let rows: Buffer<Int32>
  private let teams: Int
  private let groupSize: Int

  /// Numbers of ratings that kernels are compiled for: each takes the rows that the next smaller one cannot.
  static let orders = [8, 16, 24, 32, 48, 64, 96, 128]

  /// The largest order that pays at a rank. A system of n equations costs what f² n / 2 and f³ / 6 cost with n and f exchanged, so
  /// that both forms are even at n = f; but few ratings leave the primal form little to do beside the factorization.
  static func largestOrder(rank: Int) -> Int? { orders.last { 4 * $0 <= 3 * rank } }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    HalfStepFootprint(
      planBytes: rows.rowCount * MemoryLayout<Int32>.size, bytesPerBlock: orders.count * MemoryLayout<Int32>.size,
      scratch: [:])
  }

  /// - Parameter rows: the rows to solve, longest first; none has more ratings than the tuning's order.
  init(program: Program, queue: CommandQueue, rows: some Collection<Int32>, order: Int, tuning: Tuning)
    throws(OpenCLError)
  {
    kernel = try Kernel(program, "gpu_dual_half_step")
    groupSize = tuning.workGroupSize
    teams = Tuning.teams(order: order, tile: tuning.tile, workGroupSize: groupSize)
    self.rows = try Buffer(queue.context, count: rows.count, what: "the order of the rows")
    try queue.write(Array(rows), to: self.rows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    try kernel.enqueue(
      on: queue, groups: (rows.count + teams - 1) / teams, groupSize: groupSize, rows, UInt32(rows.count), inputs)
  }

  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
