/// The OpenCL C sources of gpuals, embedded into the binary. A new kernel is a `.cl` file, and a line here and in the
/// manifest's `resources`.
public enum KernelSource: String, CaseIterable, Sendable {
  /// Half-step by Cholesky for CPU devices.
  case cpuCholesky = "cpu_cholesky"
  /// Half-step by conjugate gradient for CPU devices.
  case cpuConjugateGradient = "cpu_conjugate_gradient"
  /// Fixed factors rotated by the eigenvectors of their Gramian, for CPU devices.
  case cpuRotate = "cpu_rotate"
  /// Gramian for CPU devices.
  case cpuGramian = "cpu_gramian"
  /// Half-step for GPU devices, ranks whose triangle of tiles fits a work-group.
  case gpuRegisterTiles = "gpu_register_tiles"
  /// Half-step for GPU devices, any rank.
  case gpuGlobalTiles = "gpu_global_tiles"
  /// Half-step for GPU devices, short rows in explicit training.
  case gpuDual = "gpu_dual"
  /// Half-step by conjugate gradients for GPU devices.
  case gpuConjugateGradient = "gpu_conjugate_gradient"
  /// Gramian for GPU devices.
  case gpuGramian = "gpu_gramian"
  /// Mean and biases, for all devices.
  case biases
  /// Errors and penalties, for all devices.
  case evaluate
  /// Factors to binary16, for all devices.
  case roundFactors = "round_factors"
  /// The best items for each user, for CPU devices.
  case topNCPU = "top_n_cpu"
  /// The same for GPU devices.
  case topNGPU = "top_n_gpu"

  /// OpenCL C ready to compile: the shared files, then this one, with `#line` directives so that a build log names file and
  /// line as they stand in `Kernels/`.
  public var source: String {
    parts.map { name, bytes in "#line 1 \"\(name).cl\"\n" + String(decoding: bytes, as: UTF8.self) }.joined(
      separator: "\n")
  }

  private var parts: [(name: String, bytes: [UInt8])] {
    let common = ("common", PackageResources.common_cl)
    let sumPartials = ("sum_partials", PackageResources.sum_partials_cl)
    let nonnegative = ("nonnegative", PackageResources.nonnegative_cl)
    let cpuTiles = ("cpu_tiles", PackageResources.cpu_tiles_cl)
    let tiles = ("gpu_tiles", PackageResources.gpu_tiles_cl)
    let topN = ("top_n", PackageResources.top_n_cl)
    switch self {
    case .cpuCholesky:
      return [
        common, cpuTiles, ("cpu_dual", PackageResources.cpu_dual_cl),
        nonnegative, ("cpu_nonnegative", PackageResources.cpu_nonnegative_cl),
        (rawValue, PackageResources.cpu_cholesky_cl),
      ]
    case .cpuRotate: return [common, cpuTiles, (rawValue, PackageResources.cpu_rotate_cl)]
    case .cpuConjugateGradient:
      return [common, cpuTiles, (rawValue, PackageResources.cpu_conjugate_gradient_cl)]
    case .cpuGramian: return [common, cpuTiles, sumPartials, (rawValue, PackageResources.cpu_gramian_cl)]
    case .gpuRegisterTiles: return [common, tiles, (rawValue, PackageResources.gpu_register_tiles_cl)]
    case .gpuGlobalTiles: return [common, tiles, nonnegative, (rawValue, PackageResources.gpu_global_tiles_cl)]
    case .gpuDual: return [common, tiles, (rawValue, PackageResources.gpu_dual_cl)]
    case .gpuConjugateGradient:
      return [
        common, ("gpu_row_product", PackageResources.gpu_row_product_cl),
        (rawValue, PackageResources.gpu_conjugate_gradient_cl),
      ]
    case .gpuGramian: return [common, tiles, sumPartials, (rawValue, PackageResources.gpu_gramian_cl)]
    case .biases: return [common, (rawValue, PackageResources.biases_cl)]
    case .evaluate: return [common, (rawValue, PackageResources.evaluate_cl)]
    case .roundFactors: return [(rawValue, PackageResources.round_factors_cl)]
    case .topNCPU: return [topN, (rawValue, PackageResources.top_n_cpu_cl)]
    case .topNGPU: return [topN, (rawValue, PackageResources.top_n_gpu_cl)]
    }
  }
}
