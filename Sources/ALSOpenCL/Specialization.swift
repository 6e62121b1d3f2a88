import ALS
import ALSKernels

/// What a program is compiled for: a source and the values of its defines. Equal specializations share a program.
struct Specialization: Hashable, Sendable {
  var source: KernelSource
  var rank: Int
  var isImplicit: Bool
  /// How the kernel reads the fixed factors.
  var precision: FactorPrecision
  var tuning: Tuning

  /// Options for the OpenCL compiler.
  var options: String {
    // These depend on nothing, so that one binary serves all ranks.
    if source == .topNCPU || source == .topNGPU { return "" }
    var defines = [
      ("RANK", rank), ("STRIDE", Tuning.stride(rank: rank)), ("IMPLICIT", isImplicit ? 1 : 0),
      ("FIXED_HALF", precision == .float16 ? 1 : 0), ("SEGMENTS", tuning.segments), ("PANEL_ROWS", tuning.panelRows),
    ]
    var residualTolerance: Float?
    switch source {
    case .topNCPU, .topNGPU: break
    case .cpuGramian, .cpuRotate, .roundFactors: break
    case .cpuConjugateGradient: residualTolerance = Solver.residualTolerance
    case .cpuCholesky:
      defines += [
        ("DUAL_ROWS", tuning.dualRows), ("NONNEGATIVE", tuning.isNonnegative ? 1 : 0),
        ("UNBOUNDED", tuning.unboundedCount),
      ]
    case .gpuConjugateGradient:
      defines.append(("WORK_GROUP_SIZE", tuning.workGroupSize))
      residualTolerance = Solver.residualTolerance
    case .gpuRegisterTiles, .gpuGlobalTiles, .gpuDual, .gpuGramian:
      defines += [
        ("TILE", tuning.tile), ("WORK_GROUP_SIZE", tuning.workGroupSize), ("LOADS", tuning.loads),
        ("UNROLL_TILES", tuning.unrollsTiles ? 1 : 0),
      ]
      if tuning.isNonnegative { defines += [("NONNEGATIVE", 1), ("UNBOUNDED", tuning.unboundedCount)] }
      if let order = tuning.order { defines.append(("ORDER", order)) }
    case .biases, .evaluate:
      defines += [("WORK_GROUP_SIZE", tuning.evaluationGroupSize)]
    }
    let texts = defines.map { "-D \($0)=\($1)" } + (residualTolerance.map { ["-D RESIDUAL_TOLERANCE=\($0)f"] } ?? [])
    return texts.joined(separator: " ")
  }
}
