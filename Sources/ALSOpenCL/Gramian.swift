import ALS
import ALSKernels
import OpenCL

/// F'F of a factor matrix on a device, by partial sums over a fixed number of parts of the rows, so that the result depends
/// neither on the number of cores nor on timing.
struct Gramian {
  private enum Partials {
    case cpu(Kernel<FixedFactors, UInt32, UInt32, Buffer<Float>, Buffer<Float>>, scratch: Buffer<Float>)
    case gpu(Kernel<FixedFactors, UInt32, UInt32, Buffer<Float>>, batches: Int, teams: Int, groupSize: Int)
  }

  /// stride × stride; the CPU kernel fills the upper triangle, the GPU kernel all.
  let result: Buffer<Float>
  private let partials: Partials
  private let partialResults: Buffer<Float>
  private let sum: Kernel<Buffer<Float>, UInt32, UInt32, Buffer<Float>>
  private let mostParts: Int

  /// Rows of a part at least: below this, adding up the parts costs more than it gains.
  private static let shortestPart = 64
  /// Parts at most; fewer at large ranks, to bound the memory of their results.
  private static let mostParts = 256
  private static let partialBytes = 64 << 20

  private static func mostParts(stride: Int, tuning: Tuning, rows: Int) -> Int {
    // The teams of a GPU's work-group make a part each.
    let fewest =
      tuning.family == .gpu
      ? Tuning.teams(order: stride, tile: tuning.tile, workGroupSize: tuning.workGroupSize) : 1
    return max(
      fewest, min(mostParts, rows / shortestPart, partialBytes / (stride * stride * MemoryLayout<Float>.size)))
  }

  /// The memory that it takes for factor matrices of at most `rows` rows.
  static func bytes(rank: Int, tuning: Tuning, rows: Int) -> Int {
    let stride = Tuning.stride(rank: rank)
    let parts = mostParts(stride: stride, tuning: tuning, rows: rows)
    let scratch = tuning.family == .cpu ? (stride + tuning.panelRows) * CPURowQueue.rowFloats(stride: stride) : 0
    return (stride * stride * (1 + parts) + parts * scratch) * MemoryLayout<Float>.size
  }

  /// - Parameters:
  ///   - rows: the most rows that a factor matrix will have.
  ///   - precision: how the factors will be stored.
  init(
    _ programs: ProgramCache, queue: CommandQueue, rank: Int, precision: FactorPrecision, tuning: Tuning, rows: Int
  ) throws(OpenCLError) {
    let stride = Tuning.stride(rank: rank)
    let context = queue.context
    let length = stride * stride
    mostParts = Self.mostParts(stride: stride, tuning: tuning, rows: rows)
    result = try Buffer(context, count: length, what: "the Gramian")
    partialResults = try Buffer(context, count: mostParts * length, what: "the parts of the Gramian")
    try queue.fill(partialResults, with: 0)
    let program = try programs.program(
      Specialization(
        source: tuning.family == .cpu ? .cpuGramian : .gpuGramian, rank: rank, isImplicit: true, precision: precision,
        tuning: tuning))
    switch tuning.solver {
    case .cpuCholesky, .cpuConjugateGradient:
      partials = .cpu(
        try Kernel(program, "cpu_gramian"),
        scratch: try Buffer(
          context, count: mostParts * (stride + tuning.panelRows) * CPURowQueue.rowFloats(stride: stride),
          what: "the scratch memory of the Gramian"))
    case .gpuRegisterTiles, .gpuGlobalTiles, .gpuConjugateGradient, .gpuDual:
      let tiles = Tuning.tileCount(order: stride, tile: tuning.tile)
      partials = .gpu(
        try Kernel(program, "gpu_gramian"),
        batches: (tiles + tuning.workGroupSize - 1) / tuning.workGroupSize,
        teams: Tuning.teams(order: stride, tile: tuning.tile, workGroupSize: tuning.workGroupSize),
        groupSize: tuning.workGroupSize)
    }
    sum = try Kernel(program, "sum_partials")
  }

  /// Enqueues the computation of ``result``.
  func enqueue(on queue: CommandQueue, of factors: FixedFactors) throws(OpenCLError) {
    let rows = UInt32(factors.rowCount)
    var parts = max(1, min(mostParts, factors.rowCount / Self.shortestPart))
    if case .gpu(_, _, let teams, _) = partials { parts = max(1, parts / teams) }
    let rowsPerPart = UInt32(max(1, (factors.rowCount + parts - 1) / parts))
    switch partials {
    case .cpu(let kernel, let scratch):
      try kernel.enqueue(
        on: queue, groups: parts, groupSize: 1, factors, rows, rowsPerPart, scratch, partialResults)
    case .gpu(let kernel, let batches, let teams, let groupSize):
      try kernel.enqueue(
        on: queue, groups: parts * batches, groupSize: groupSize, factors, rows, rowsPerPart, partialResults)
      parts *= teams
    }
    let groupSize = min(64, queue.context.device.maxWorkGroupSize)
    try sum.enqueue(
      on: queue, groups: (result.count + groupSize - 1) / groupSize, groupSize: groupSize, partialResults,
      UInt32(parts), UInt32(result.count), result)
  }

  /// Puts a matrix that the caller has, rank × rank, in the place of ``result``.
  func write(_ matrix: FactorMatrix, on queue: CommandQueue) throws(OpenCLError) {
    let stride = Tuning.stride(rank: matrix.rank)
    var padded = [Float](repeating: 0, count: result.count)
    for row in 0..<matrix.rank {
      for column in 0..<matrix.rank { padded[row * stride + column] = matrix.values[row * matrix.rank + column] }
    }
    try queue.write(padded, to: result)
  }

  /// The Gramian of a factor matrix on the host: stride × stride, of which the upper triangle counts.
  func upperTriangle(of factors: FixedFactors, on queue: CommandQueue) throws(OpenCLError) -> [Float] {
    try enqueue(on: queue, of: factors)
    return try queue.read(result)
  }

  /// Checks the kernels' arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) {
    switch partials {
    case .cpu(let kernel, _): try kernel.checkSignature()
    case .gpu(let kernel, _, _, _): try kernel.checkSignature()
    }
    try sum.checkSignature()
  }
}
