import ALS
import ALSKernels
import OpenCL

/// All rows of a side on a GPU, each by the kernel that suits its number of ratings.
struct GPUHalfStep: HalfStep {
  private let parts: [any HalfStep]

  /// Scratch memory for matrices or parts of them, and for vectors or parts of them.
  static let matricesName = "the matrices of the solver"
  static let vectorsName = "the vectors of the solver"

  init(
    _ programs: ProgramCache, queue: CommandQueue, matrix: RowBlock, parameters: ALSParameters, tuning: Tuning,
    scratch: ScratchPool
  ) throws(OpenCLError) {
    let stride = Tuning.stride(rank: parameters.unknowns)
    func program(_ source: KernelSource, _ tuning: Tuning) throws(OpenCLError) -> Program {
      try programs.program(Specialization(source, parameters, tuning))
    }
    var rows = matrix.rowsByDescendingLength[...]
    if case .conjugateGradient(let steps) = parameters.solver {
      parts = [
        try GPUConjugateGradientHalfStep(
          program: try program(.gpuConjugateGradient, tuning), queue: queue, matrix: matrix, rows: rows, steps: steps,
          stride: stride, tuning: tuning, scratch: scratch)
      ]
      return
    }
    var parts: [any HalfStep] = []
    for bin in Self.dualBins(of: matrix, rows: rows, parameters: parameters, limits: tuning.limits) {
      // Rows for which there is no dual kernel stay with the longer ones.
      guard let tuning = tuning.dual(order: bin.order) else { break }
      let program = try program(.gpuDual, tuning)
      guard try program.largestGroup(ofKernel: "gpu_dual_half_step") >= tuning.workGroupSize else { break }
      parts.append(
        try GPUDualHalfStep(
          program: program, queue: queue, rows: rows.suffix(bin.rowCount), order: bin.order, tuning: tuning))
      rows.removeLast(bin.rowCount)
    }
    if !rows.isEmpty {
      // The longest rows first.
      if tuning.solver == .gpuRegisterTiles {
        parts.insert(
          try GPURegisterTilesHalfStep(
            program: try program(.gpuRegisterTiles, tuning), queue: queue, matrix: matrix, rows: rows, stride: stride,
            tuning: tuning, scratch: scratch), at: 0)
      } else {
        parts.insert(
          try GPUGlobalTilesHalfStep(
            program: try program(.gpuGlobalTiles, tuning), queue: queue, matrix: matrix, rows: rows, stride: stride,
            tuning: tuning, scratch: scratch), at: 0)
      }
    }
    self.parts = parts
  }

  /// How many of the shortest rows each order of the dual form takes, shortest first. In explicit training with regularization:
  /// without, the dual matrix may be singular where the primal one is not.
  private static func dualBins(
    of matrix: RowBlock, rows: ArraySlice<Int32>, parameters: ALSParameters, limits: WorkLimits
  ) -> [(order: Int, rowCount: Int)] {
    guard !parameters.feedback.isImplicit, !parameters.nonnegative, parameters.regularization > 0,
      let largest = GPUDualHalfStep.largestOrder(rank: parameters.unknowns)
    else { return [] }
    var bins: [(order: Int, rowCount: Int)] = []
    var count = 0
    var order = GPUDualHalfStep.orders.makeIterator()
    var present = order.next()
    for row in rows.reversed() {
      let length = matrix.entries(ofRow: Int(row)).count
      while let last = present, length > last, last <= largest {
        // A bin of few rows is not worth a kernel of its own: the next one takes them.
        if count >= limits.fewestDualRows {
          bins.append((last, count))
          count = 0
        }
        present = order.next()
      }
      guard let present, present <= largest else { return bins }
      count += 1
    }
    if let present, present <= largest, count >= limits.fewestDualRows { bins.append((present, count)) }
    return bins
  }

  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint {
    func footprint(_ step: any HalfStep.Type) -> HalfStepFootprint {
      step.footprint(
        of: rows, stride: stride, tuning: tuning, computeUnits: computeUnits, scratchBudget: scratchBudget)
    }
    switch tuning.solver {
    case .gpuConjugateGradient: return footprint(GPUConjugateGradientHalfStep.self)
    case .gpuDual: return footprint(GPUDualHalfStep.self)
    case .cpuCholesky, .cpuConjugateGradient, .gpuRegisterTiles, .gpuGlobalTiles:
      // However the rows are shared between the two, their plans take no more than both plans of all rows.
      var footprint = footprint(
        tuning.solver == .gpuGlobalTiles ? GPUGlobalTilesHalfStep.self : GPURegisterTilesHalfStep.self)
      let dual = GPUDualHalfStep.footprint(
        of: rows, stride: stride, tuning: tuning, computeUnits: computeUnits, scratchBudget: scratchBudget)
      footprint.planBytes += dual.planBytes
      footprint.bytesPerBlock += dual.bytesPerBlock
      return footprint
    }
  }

  /// What a plan of so many lines and so many floats of scratch memory take.
  static func footprint(planCount: Int, matrices: Int, vectors: Int) -> HalfStepFootprint {
    let float = MemoryLayout<Float>.size
    // A buffer without elements has room for one.
    return HalfStepFootprint(
      planBytes: planCount * MemoryLayout<SIMD4<UInt32>>.size, bytesPerBlock: 3 * MemoryLayout<SIMD4<UInt32>>.size,
      scratch: [matricesName: max(1, matrices) * float, vectorsName: max(1, vectors) * float])
  }

  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError) {
    for part in parts { try part.enqueue(on: queue, inputs) }
  }

  func checkSignatures() throws(OpenCLError) {
    for part in parts { try part.checkSignatures() }
  }
}
