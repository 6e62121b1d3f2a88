/// The OpenCL C sources of gpuals, embedded into the binary. A new kernel is a `.cl` file, and a line here and in the
/// manifest's `resources`.
public enum KernelSource: String, CaseIterable, Sendable {
  /// Half-step and Gramian for CPU devices.
  case cpuPanel = "cpu_panel"
  /// Half-step for GPU devices, ranks whose triangle of tiles fits a work-group.
  case gpuRegisterTiles = "gpu_register_tiles"
  /// Half-step for GPU devices, any rank.
  case gpuGlobalTiles = "gpu_global_tiles"
  /// Gramian for GPU devices.
  case gpuGramian = "gpu_gramian"
  /// Errors and penalties, for all devices.
  case evaluate
  /// Factors to binary16, for all devices.
  case roundFactors = "round_factors"
  /// Sums of partial results, for all devices.
  case sumPartials = "sum_partials"

  /// OpenCL C ready to compile: the shared files, then this one, with `#line` directives so that a build log names file and
  /// line as they stand in `Kernels/`.
  public var source: String {
    parts.map { name, bytes in "#line 1 \"\(name).cl\"\n" + String(decoding: bytes, as: UTF8.self) }.joined(
      separator: "\n")
  }

  private var parts: [(name: String, bytes: [UInt8])] {
    let common = ("common", PackageResources.common_cl)
    let tiles = ("gpu_tiles", PackageResources.gpu_tiles_cl)
    switch self {
    case .cpuPanel: return [common, (rawValue, PackageResources.cpu_panel_cl)]
    case .gpuRegisterTiles: return [common, tiles, (rawValue, PackageResources.gpu_register_tiles_cl)]
    case .gpuGlobalTiles: return [common, tiles, (rawValue, PackageResources.gpu_global_tiles_cl)]
    case .gpuGramian: return [common, tiles, (rawValue, PackageResources.gpu_gramian_cl)]
    case .evaluate: return [common, (rawValue, PackageResources.evaluate_cl)]
    case .roundFactors: return [(rawValue, PackageResources.round_factors_cl)]
    case .sumPartials: return [(rawValue, PackageResources.sum_partials_cl)]
    }
  }
}
