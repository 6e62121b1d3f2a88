import ALS
import ALSKernels
import OpenCL

extension Tuning {
  /// Chooses by traits, and again with smaller work-groups where the compiled kernel does not allow those of the first choice:
  /// the registers that it takes are known only then. Fewer segments take no more of them.
  ///
  /// - Throws: ``ALSError/rankTooHigh(rank:maximum:device:)``, and ``OpenCLError`` where the kernels do not compile.
  init(
    family: KernelFamily, device: Device, parameters: ALSParameters, limits: WorkLimits, plan: MemoryPlan,
    programs: ProgramCache
  ) throws {
    var limits = limits
    while true {
      try self.init(family: family, device: device, parameters: parameters, limits: limits)
      self = reading(plan.userSegments, plan.itemSegments)
      guard let (source, kernel) = mainKernel else { return }
      let limit = try programs.program(Specialization(source, parameters, self)).largestGroup(ofKernel: kernel)
      if workGroupSize <= limit || workGroupSize == 1 { return }
      limits.largestGroup = max(1, limit)
    }
  }

  /// The kernel that takes the most registers, on GPUs.
  private var mainKernel: (KernelSource, String)? {
    switch solver {
    case .cpuCholesky, .cpuConjugateGradient: nil
    case .gpuRegisterTiles: (.gpuRegisterTiles, "gpu_register_tiles_half_step")
    case .gpuGlobalTiles:
      (.gpuGlobalTiles, isNonnegative ? "gpu_global_tiles_solve_nonnegative" : "gpu_global_tiles_solve")
    case .gpuConjugateGradient: (.gpuConjugateGradient, "gpu_conjugate_gradient_half_step")
    case .gpuDual: (.gpuDual, "gpu_dual_half_step")
    }
  }
}

extension Specialization {
  /// A half-step's program.
  init(_ source: KernelSource, _ parameters: ALSParameters, _ tuning: Tuning) {
    self.init(
      source: source, rank: parameters.unknowns, isImplicit: parameters.feedback.isImplicit,
      precision: parameters.precision, tuning: tuning)
  }
}
