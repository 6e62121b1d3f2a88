import ALS
import OpenCL

/// `gpu_register_tiles.cl`: a team of work-items per row, long rows cut into chunks that are added up in a fixed order.
struct GPURegisterTilesHalfStep: HalfStep {
  private let chunkKernel: Kernel<Buffer<SIMD4<UInt32>>, UInt32, Buffer<Float>, Buffer<Float>, HalfStepInputs>
  private let longRowKernel:
    Kernel<Buffer<SIMD4<UInt32>>, UInt32, Buffer<Float>, Buffer<Float>, HalfStepInputs.Solution>
  private let chunks: Buffer<SIMD4<UInt32>>
  private let longRows: Buffer<SIMD4<UInt32>>
  private let scratch: ScratchPool
  private let teams: Int
  private let groupSize: Int

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let long = ChunkPlan.longRows(of: rows, chunkLength: tuning.limits.shortestChunk)
    let tileFloats = Tuning.tileCount(order: stride, tile: tuning.tile) * tuning.tile * tuning.tile
    let slots = min(long.parts, tuning.limits.scratchCount(of: tileFloats + stride, budget: scratchBudget))
    return GPUHalfStep.footprint(
      planCount: rows.rowCount + long.parts + long.rows, matrices: slots * tileFloats, vectors: slots * stride)
  }

  /// - Parameter rows: the rows to solve, longest first.
  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, rows: some Collection<Int32>, stride: Int,
    tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    chunkKernel = try Kernel(program, "gpu_register_tiles_half_step")
    longRowKernel = try Kernel(program, "gpu_register_tiles_long_rows")
    groupSize = tuning.workGroupSize
    teams = Tuning.teams(order: stride, tile: tuning.tile, workGroupSize: groupSize)
    let context = queue.context
    let tileFloats = Tuning.tileCount(order: stride, tile: tuning.tile) * tuning.tile * tuning.tile
    let plan = ChunkPlan(
      matrix, rows: rows, shortestChunk: tuning.limits.shortestChunk,
      mostSlots: tuning.limits.scratchCount(of: tileFloats + stride, budget: scratch.budgetBytes))
    chunks = try Buffer(context, count: plan.chunks.count, what: "the plan of the solver")
    longRows = try Buffer(context, count: plan.longRows.count, what: "the plan of the solver")
    self.scratch = scratch
    scratch.need(plan.slotCount * tileFloats, for: GPUHalfStep.matricesName)
    scratch.need(plan.slotCount * stride, for: GPUHalfStep.vectorsName)
    try queue.write(plan.chunks, to: chunks)
    try queue.write(plan.longRows, to: longRows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    let matrices = try scratch.buffer(for: GPUHalfStep.matricesName)
    let vectors = try scratch.buffer(for: GPUHalfStep.vectorsName)
    try chunkKernel.enqueue(
      on: queue, groups: (chunks.count + teams - 1) / teams, groupSize: groupSize, chunks,
      UInt32(chunks.count), matrices, vectors, inputs)
    try longRowKernel.enqueue(
      on: queue, groups: (longRows.count + teams - 1) / teams, groupSize: groupSize, longRows,
      UInt32(longRows.count), matrices, vectors, inputs.solution)
  }

  func checkSignatures() throws(OpenCLError) {
    try chunkKernel.checkSignature()
    try longRowKernel.checkSignature()
  }
}
