import ALS
import OpenCL

/// `gpu_conjugate_gradient.cl`: a work-group per row; the products of long rows in parts that are added up in a fixed order.
struct GPUConjugateGradientHalfStep: HalfStep {
  private let rowKernel: Kernel<Buffer<Int32>, UInt32, HalfStepInputs>
  private let partKernel:
    Kernel<
      Buffer<SIMD4<UInt32>>, Buffer<SIMD4<UInt32>>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, FixedFactors,
      Buffer<Float>, Float, Buffer<Float>, Buffer<Float>
    >
  private let stepKernel: Kernel<Buffer<SIMD4<UInt32>>, UInt32, Buffer<Float>, Buffer<Float>, HalfStepInputs.Solution>
  private let wholeRows: Buffer<Int32>
  private let parts: Buffer<SIMD4<UInt32>>
  private let longRows: Buffer<SIMD4<UInt32>>
  private let scratch: ScratchPool
  private let steps: Int
  private let groupSize: Int

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let long = ChunkPlan.longRows(of: rows, chunkLength: tuning.limits.shortestChunk)
    let slots = min(long.parts, tuning.limits.scratchCount(of: 2 * stride, budget: scratchBudget))
    return GPUHalfStep.footprint(
      planCount: rows.rowCount + long.parts + long.rows, matrices: slots * 2 * stride,
      vectors: long.rows * (2 * stride + 4))
  }

  /// - Parameter rows: the rows to solve, longest first.
  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, rows: some Collection<Int32>, steps: Int, stride: Int,
    tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    rowKernel = try Kernel(program, "gpu_conjugate_gradient_half_step")
    partKernel = try Kernel(program, "gpu_conjugate_gradient_part")
    stepKernel = try Kernel(program, "gpu_conjugate_gradient_step")
    self.steps = steps
    groupSize = tuning.workGroupSize
    let context = queue.context
    let plan = ChunkPlan(
      matrix, rows: rows, shortestChunk: tuning.limits.shortestChunk,
      mostSlots: tuning.limits.scratchCount(of: 2 * stride, budget: scratch.budgetBytes))
    // Long rows come first: their parts name them by their number.
    var number = -1
    let parts = plan.chunks.prefix(plan.slotCount).map { chunk -> SIMD4<UInt32> in
      if chunk.y == 0 { number += 1 }
      return SIMD4(UInt32(number), chunk.y, chunk.z, chunk.w - 1)
    }
    let whole = plan.chunks.dropFirst(plan.slotCount).map { Int32($0.x) }
    self.scratch = scratch
    scratch.need(plan.slotCount * 2 * stride, for: GPUHalfStep.matricesName)
    scratch.need(plan.longRows.count * (2 * stride + 4), for: GPUHalfStep.vectorsName)
    wholeRows = try Buffer(context, count: whole.count, what: "the order of the rows")
    self.parts = try Buffer(context, count: parts.count, what: "the plan of the solver")
    longRows = try Buffer(context, count: plan.longRows.count, what: "the plan of the solver")
    try queue.write(whole, to: wholeRows)
    try queue.write(parts, to: self.parts)
    try queue.write(plan.longRows, to: longRows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    let matrices = try scratch.buffer(for: GPUHalfStep.matricesName)
    let vectors = try scratch.buffer(for: GPUHalfStep.vectorsName)
    try rowKernel.enqueue(
      on: queue, groups: wholeRows.count, groupSize: groupSize, wholeRows, UInt32(steps), inputs)
    if longRows.count == 0 { return }
    // First b - A x, then A times the direction of each step.
    for product in 0...steps {
      let isFirst: UInt32 = product == 0 ? 1 : 0
      try partKernel.enqueue(
        on: queue, groups: parts.count, groupSize: groupSize, parts, longRows, isFirst, inputs.ratings.rowOffsets,
        inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed, inputs.solved.buffer, inputs.alpha,
        vectors, matrices)
      try stepKernel.enqueue(
        on: queue, groups: longRows.count, groupSize: groupSize, longRows, isFirst, matrices,
        vectors, inputs.solution)
    }
  }

  func checkSignatures() throws(OpenCLError) {
    try rowKernel.checkSignature()
    try partKernel.checkSignature()
    try stepKernel.checkSignature()
  }
}
