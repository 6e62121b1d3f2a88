import ALS
import OpenCL

/// How the kernels are shaped for a device and a rank: the one table that knows of devices' traits. A device-specific kernel
/// is a row here.
struct Tuning: Hashable, Sendable {
  /// Which half-step kernel.
  enum Solver: Hashable, Sendable {
    /// `cpu_cholesky.cl`.
    case cpuCholesky
    /// `cpu_conjugate_gradient.cl`.
    case cpuConjugateGradient
    /// `gpu_register_tiles.cl`.
    case gpuRegisterTiles
    /// `gpu_global_tiles.cl`.
    case gpuGlobalTiles

    /// The half-step that runs it.
    var halfStep: any HalfStep.Type {
      switch self {
      case .cpuCholesky: CPUCholeskyHalfStep.self
      case .cpuConjugateGradient: CPUConjugateGradientHalfStep.self
      case .gpuRegisterTiles: GPURegisterTilesHalfStep.self
      case .gpuGlobalTiles: GPUGlobalTilesHalfStep.self
      }
    }
  }

  var solver: Solver

  /// The family that it belongs to.
  var family: KernelFamily {
    switch solver {
    case .cpuCholesky, .cpuConjugateGradient: .cpu
    case .gpuRegisterTiles, .gpuGlobalTiles: .gpu
    }
  }

  /// Rows and columns of a register tile (GPU kernels).
  var tile = 8
  /// Work-items of a work-group (GPU half-step and Gramian).
  var workGroupSize = 1
  /// Ratings gathered or staged at a time.
  var panelRows = 32
  /// The longest row that is solved in as many dimensions as it has ratings; 0: none.
  var dualRows = 0
  /// Work-items that share a row in `evaluate.cl`.
  var evaluationGroupSize = 1

  /// Factor rows on the device are padded to a multiple of this, so that every kernel reads them in vectors of 8.
  static let strideMultiple = 8

  /// Floats from one factor row to the next on the device.
  static func stride(rank: Int) -> Int { (rank + strideMultiple - 1) / strideMultiple * strideMultiple }

  /// Local memory that every GPU of the last decade has; kernels are shaped to fit it.
  private static let portableLocalBytes: UInt64 = 32 << 10

  /// Registers hold up to 8 × 8 floats of a tile; above this stride the triangle has more tiles than work-groups have
  /// work-items on most devices.
  private static let largestRegisterStride = 128

  /// Chooses by traits.
  ///
  /// - Throws: ``ALSError/rankTooHigh(rank:maximum:device:)`` if the vectors of a row do not fit the local memory.
  init(family: KernelFamily, device: Device, parameters: ALSParameters) throws(ALSError) {
    let rank = parameters.rank
    let stride = Self.stride(rank: rank)
    let localBytes = min(device.localMemoryBytes, Self.portableLocalBytes)
    let largestGroup = max(1, device.maxWorkGroupSize)
    guard family == .gpu else {
      guard parameters.solver == .cholesky else {
        self.init(solver: .cpuConjugateGradient)
        return
      }
      self.init(solver: .cpuCholesky)
      // With few sums in flight for a rating, more ratings at a time save more than the longer sums lose.
      panelRows = stride <= 32 ? 64 : 32
      // The dual form gathers, multiplies and factors n × n instead of f × f: measured to pay up to nearly n = f.
      dualRows = parameters.feedback.isImplicit ? 0 : stride * 7 / 8 / 8 * 8
      return
    }
    let tile = stride <= 32 ? 4 : 8
    let tilesPerSide = stride / tile
    let tiles = tilesPerSide * (tilesPerSide + 1) / 2
    // Several groups of work-items share the ratings where a work-group of 128 has room for them.
    let roundedUp = { (count: Int) in (count + 31) / 32 * 32 }
    let registerGroup = roundedUp(3 * tiles) <= 128 ? roundedUp(3 * tiles) : roundedUp(tiles)
    if stride <= Self.largestRegisterStride, registerGroup <= largestGroup {
      self.init(
        solver: .gpuRegisterTiles, tile: tile, workGroupSize: registerGroup,
        panelRows: Self.panelRows(stride: stride, localBytes: localBytes), evaluationGroupSize: min(64, largestGroup))
    } else {
      let largestStride = Self.largestGlobalTilesStride(localBytes: device.localMemoryBytes)
      guard stride <= largestStride else {
        throw .rankTooHigh(rank: rank, maximum: largestStride, device: device.name)
      }
      self.init(
        solver: .gpuGlobalTiles, tile: 8, workGroupSize: min(128, largestGroup),
        panelRows: Self.panelRows(stride: stride, localBytes: localBytes), evaluationGroupSize: min(64, largestGroup))
    }
  }

  private init(
    solver: Solver, tile: Int = 8, workGroupSize: Int = 1, panelRows: Int = 32, evaluationGroupSize: Int = 1
  ) {
    self.solver = solver
    self.tile = tile
    self.workGroupSize = workGroupSize
    self.panelRows = panelRows
    self.evaluationGroupSize = evaluationGroupSize
  }

  /// The largest stride whose elimination panel (8 rows and a tile) and three vectors fit the local memory, with one staged
  /// row's weights; see `gpu_global_tiles.cl`.
  static func largestGlobalTilesStride(localBytes: UInt64) -> Int {
    let floats = Int(clamping: localBytes) / MemoryLayout<Float>.size - (8 * 8 + 3)
    return max(0, floats / (8 + 3) / strideMultiple * strideMultiple)
  }

  /// As many staged rows as half the local memory holds, at most 32: the other half is for vectors and for a second
  /// work-group.
  private static func panelRows(stride: Int, localBytes: UInt64) -> Int {
    max(1, min(32, Int(localBytes) / 2 / (stride * MemoryLayout<Float>.size)))
  }
}
