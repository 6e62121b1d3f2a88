import ALS
import OpenCL

/// `gpu_register_tiles.cl`: one work-group per row, long rows cut into chunks that are added up in a fixed order.
struct GPURegisterTilesHalfStep: HalfStep {
  private let chunkKernel:
    Kernel<
      Buffer<SIMD4<UInt32>>, UInt32, Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>,
      Buffer<Float>, Buffer<Float>, Float, Buffer<Float>, Buffer<Float>, Buffer<Int32>
    >
  private let longRowKernel:
    Kernel<
      Buffer<SIMD4<UInt32>>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Int32>
    >
  private let chunks: Buffer<SIMD4<UInt32>>
  private let longRows: Buffer<SIMD4<UInt32>>
  private let scratch: ScratchPool
  private let chunkLength: Int
  private let groupSize: Int

  /// Ratings of a chunk at least: below this, adding up the parts costs more than it gains.
  private static let shortestChunk = 2048
  private static let tilesName = "the parts of long rows"
  private static let rightSidesName = "the right sides of the parts of long rows"

  private static func tileFloats(stride: Int, tuning: Tuning) -> Int {
    let side = stride / tuning.tile
    return side * (side + 1) / 2 * tuning.tile * tuning.tile
  }

  /// Parts of long rows that the scratch memory has room for.
  private static func mostSlots(stride: Int, tuning: Tuning, scratchBudget: Int) -> Int {
    scratchBudget / ((tileFloats(stride: stride, tuning: tuning) + stride) * MemoryLayout<Float>.size)
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    let long = ChunkPlan.longRows(of: rows, chunkLength: shortestChunk)
    let slots = min(long.parts, mostSlots(stride: stride, tuning: tuning, scratchBudget: scratchBudget))
    let float = MemoryLayout<Float>.size
    return HalfStepFootprint(
      planBytes: (rows.rowCount + long.parts + long.rows) * MemoryLayout<SIMD4<UInt32>>.size,
      bytesPerBlock: MemoryLayout<SIMD4<UInt32>>.size,
      scratch: [
        tilesName: max(1, slots * tileFloats(stride: stride, tuning: tuning)) * float,
        rightSidesName: max(1, slots * stride) * float,
      ])
  }

  init(
    program: Program, queue: CommandQueue, matrix: RowBlock, stride: Int, tuning: Tuning, scratch: ScratchPool
  ) throws(OpenCLError) {
    chunkKernel = try Kernel(program, "gpu_register_tiles_half_step")
    longRowKernel = try Kernel(program, "gpu_register_tiles_long_rows")
    groupSize = tuning.workGroupSize
    let plan = ChunkPlan(
      matrix, shortestChunk: Self.shortestChunk,
      mostSlots: Self.mostSlots(stride: stride, tuning: tuning, scratchBudget: scratch.budgetBytes))
    chunkLength = plan.chunkLength
    let context = queue.context
    chunks = try Buffer(context, count: plan.chunks.count, what: "the plan of the solver")
    longRows = try Buffer(context, count: plan.longRows.count, what: "the plan of the solver")
    scratch.need(plan.slotCount * Self.tileFloats(stride: stride, tuning: tuning), for: Self.tilesName)
    scratch.need(plan.slotCount * stride, for: Self.rightSidesName)
    self.scratch = scratch
    try queue.write(plan.chunks, to: chunks)
    try queue.write(plan.longRows, to: longRows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    let partialTiles = try scratch.buffer(for: Self.tilesName)
    let partialRightSides = try scratch.buffer(for: Self.rightSidesName)
    try chunkKernel.enqueue(
      on: queue, groups: chunks.count, groupSize: groupSize, chunks, UInt32(chunkLength), inputs.ratings.rowOffsets,
      inputs.ratings.columns, inputs.ratings.ratings, inputs.fixed.buffer, inputs.solved.buffer, inputs.regularization,
      inputs.gramian, inputs.alpha, partialTiles, partialRightSides, inputs.status)
    try longRowKernel.enqueue(
      on: queue, groups: longRows.count, groupSize: groupSize, longRows, partialTiles, partialRightSides,
      inputs.solved.buffer, inputs.regularization, inputs.gramian, inputs.status)
  }

  func checkSignatures() throws(OpenCLError) {
    try chunkKernel.checkSignature()
    try longRowKernel.checkSignature()
  }
}
