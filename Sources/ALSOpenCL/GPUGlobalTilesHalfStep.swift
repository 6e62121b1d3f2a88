import ALS
import OpenCL

/// `gpu_global_tiles.cl`: matrices in global memory, each made by several work-groups and solved by one; as many rows at once as
/// the scratch memory holds.
struct GPUGlobalTilesHalfStep: HalfStep {
  private let chunkKernel:
    Kernel<
      Buffer<SIMD4<UInt32>>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, FixedFactors, Float, Buffer<Float>,
      Buffer<Float>
    >
  private enum RowKernel {
    case exact(Kernel<Buffer<SIMD4<UInt32>>, UInt32, Buffer<Float>, Buffer<Float>, HalfStepInputs.Solution>)
    case nonnegative(
      Kernel<Buffer<SIMD4<UInt32>>, UInt32, Buffer<Float>, Buffer<Float>, Buffer<Float>, HalfStepInputs.Solution>)
  }
  private let rowKernel: RowKernel
  private let chunks: Buffer<SIMD4<UInt32>>
  private let rows: Buffer<SIMD4<UInt32>>
  private let slices: [RowSlices.Slice]
  private let scratch: ScratchPool
  private let batches: Int
  private let groupSize: Int

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let long = ChunkPlan.longRows(of: rows, chunkLength: tuning.limits.shortestChunk)
    let matrixFloats = Tuning.tileCount(order: stride, tile: tuning.tile) * tuning.tile * tuning.tile
    let slots = min(rows.rowCount + long.parts, mostSlots(matrixFloats, tuning: tuning, budget: scratchBudget))
    var footprint = GPUHalfStep.footprint(
      planCount: 2 * rows.rowCount + long.parts, matrices: slots * matrixFloats, vectors: slots * stride)
    if tuning.isNonnegative {
      footprint.scratch[factorizationsName] = footprint.scratch[GPUHalfStep.matricesName]
    }
    return footprint
  }

  /// Where the matrices of rows are kept while their parts are factored.
  private static let factorizationsName = "the factorizations of the solver"

  private static func mostSlots(_ matrixFloats: Int, tuning: Tuning, budget: Int) -> Int {
    tuning.limits.scratchCount(of: matrixFloats, budget: tuning.isNonnegative ? budget / 2 : budget)
  }

  /// - Parameter rows: the rows to solve, longest first.
  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, rows: some Collection<Int32>, stride: Int,
    tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    chunkKernel = try Kernel(program, "gpu_global_tiles_accumulate")
    rowKernel =
      tuning.isNonnegative
      ? .nonnegative(try Kernel(program, "gpu_global_tiles_solve_nonnegative"))
      : .exact(try Kernel(program, "gpu_global_tiles_solve"))
    groupSize = tuning.workGroupSize
    let context = queue.context
    let tiles = Tuning.tileCount(order: stride, tile: tuning.tile)
    let matrixFloats = tiles * tuning.tile * tuning.tile
    batches = (tiles + groupSize - 1) / groupSize
    let plan = RowSlices(
      matrix, rows: rows, shortestChunk: tuning.limits.shortestChunk,
      mostSlots: Self.mostSlots(matrixFloats, tuning: tuning, budget: scratch.budgetBytes))
    slices = plan.slices
    self.scratch = scratch
    scratch.need(plan.slotCount * matrixFloats, for: GPUHalfStep.matricesName)
    scratch.need(plan.slotCount * stride, for: GPUHalfStep.vectorsName)
    if tuning.isNonnegative { scratch.need(plan.slotCount * matrixFloats, for: Self.factorizationsName) }
    chunks = try Buffer(context, count: plan.chunks.count, what: "the plan of the solver")
    self.rows = try Buffer(context, count: plan.rows.count, what: "the plan of the solver")
    try queue.write(plan.chunks, to: chunks)
    try queue.write(plan.rows, to: self.rows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    let matrices = try scratch.buffer(for: GPUHalfStep.matricesName)
    let vectors = try scratch.buffer(for: GPUHalfStep.vectorsName)
    for slice in slices {
      try chunkKernel.enqueue(
        on: queue, groups: slice.chunks.count * batches, groupSize: groupSize, chunks,
        UInt32(slice.chunks.lowerBound), inputs.ratings.rowOffsets, inputs.ratings.columns, inputs.ratings.ratings,
        inputs.fixed, inputs.alpha, matrices, vectors)
      let firstRow = UInt32(slice.rows.lowerBound)
      switch rowKernel {
      case .exact(let kernel):
        try kernel.enqueue(
          on: queue, groups: slice.rows.count, groupSize: groupSize, rows, firstRow, matrices, vectors,
          inputs.solution)
      case .nonnegative(let kernel):
        try kernel.enqueue(
          on: queue, groups: slice.rows.count, groupSize: groupSize, rows, firstRow, matrices,
          try scratch.buffer(for: Self.factorizationsName), vectors, inputs.solution)
      }
    }
  }

  func checkSignatures() throws(OpenCLError) {
    try chunkKernel.checkSignature()
    switch rowKernel {
    case .exact(let kernel): try kernel.checkSignature()
    case .nonnegative(let kernel): try kernel.checkSignature()
    }
  }
}
