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
  private let partialTiles: Buffer<Float>
  private let partialRightSides: Buffer<Float>
  private let chunkLength: Int
  private let groupSize: Int

  /// Ratings of a chunk at least: below this, adding up the parts costs more than it gains.
  private static let shortestChunk = 2048
  /// The part of the device's memory that the parts of long rows may take: one in so many.
  private static let partialMemoryFraction: UInt64 = 16

  init(program: Program, queue: CommandQueue, matrix: CSRMatrix, stride: Int, tuning: Tuning) throws(OpenCLError) {
    chunkKernel = try Kernel(program, "gpu_register_tiles_half_step")
    longRowKernel = try Kernel(program, "gpu_register_tiles_long_rows")
    groupSize = tuning.workGroupSize
    let side = stride / tuning.tile
    let tileFloats = side * (side + 1) / 2 * tuning.tile * tuning.tile
    let slotBytes = (tileFloats + stride) * MemoryLayout<Float>.size
    let affordable = queue.context.device.globalMemoryBytes / Self.partialMemoryFraction / UInt64(slotBytes)
    let plan = ChunkPlan(matrix, shortestChunk: Self.shortestChunk, mostSlots: Int(clamping: affordable))
    chunkLength = plan.chunkLength
    let context = queue.context
    chunks = try Buffer(context, count: plan.chunks.count, what: "the plan of the solver")
    longRows = try Buffer(context, count: plan.longRows.count, what: "the plan of the solver")
    partialTiles = try Buffer(context, count: plan.slotCount * tileFloats, what: "the parts of long rows")
    partialRightSides = try Buffer(context, count: plan.slotCount * stride, what: "the parts of long rows")
    try queue.write(plan.chunks, to: chunks)
    try queue.write(plan.longRows, to: longRows)
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
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
