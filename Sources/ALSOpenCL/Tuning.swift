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
    /// `gpu_conjugate_gradient.cl`.
    case gpuConjugateGradient
    /// `gpu_dual.cl`, beside one of the two above it.
    case gpuDual

    /// The half-step that runs it.
    var halfStep: any HalfStep.Type {
      switch self {
      case .cpuCholesky: CPUCholeskyHalfStep.self
      case .cpuConjugateGradient: CPUConjugateGradientHalfStep.self
      case .gpuRegisterTiles, .gpuGlobalTiles, .gpuConjugateGradient, .gpuDual: GPUHalfStep.self
      }
    }
  }

  var solver: Solver

  /// The family that it belongs to.
  var family: KernelFamily {
    switch solver {
    case .cpuCholesky, .cpuConjugateGradient: .cpu
    case .gpuRegisterTiles, .gpuGlobalTiles, .gpuConjugateGradient, .gpuDual: .gpu
    }
  }

  /// Rows and columns of a register tile (GPU kernels).
  var tile = 8
  /// Rows and columns of the matrices that the tiles make up, where it is not the stride: the most ratings of a row in
  /// `gpu_dual.cl`.
  var order: Int?
  /// Work-items of a work-group (GPU half-step and Gramian).
  var workGroupSize = 1
  /// Loads that a work-item has in flight (`gpu_register_tiles.cl`).
  var loads = 1
  /// Whether the compiler is told to unroll the loops over a tile: GPUs keep a tile in registers only then, and pocl compiles
  /// them wrongly.
  var unrollsTiles = false
  /// Ratings gathered or staged at a time.
  var panelRows = 32
  /// The longest row that is solved in as many dimensions as it has ratings; 0: none.
  var dualRows = 0
  /// Whether rows are solved for factors of 0 or above.
  var isNonnegative = false
  /// How many of the last unknowns may be below 0 even so: biases.
  var unboundedCount = 0
  /// How much a half-step does at a time (GPU kernels).
  var limits = WorkLimits()
  /// Buffers that the fixed factors are in, at most (kernels with `FIXED_PARAMETERS`).
  var segments = 1
  /// Work-items that share a row in `evaluate.cl`.
  var evaluationGroupSize = 1

  /// Factor rows on the device are padded to a multiple of this, so that every kernel reads them in vectors of 8.
  static let strideMultiple = 8

  /// Floats from one factor row to the next on the device.
  static func stride(rank: Int) -> Int { (rank + strideMultiple - 1) / strideMultiple * strideMultiple }

  /// Local memory that every GPU of the last decade has; kernels are shaped to fit it.
  private static let portableLocalBytes: UInt64 = 32 << 10

  /// The most tiles that are kept in registers by a work-group: with more work-items than this, registers are short.
  private static let mostRegisterTiles = 512

  /// Work-groups of several teams grow up to this while the share of busy work-items does.
  private static let largestTeamGroup = 160

  /// Chooses by traits.
  ///
  /// - Parameter limits: how much a half-step does at a time; their largest work-group is that of the device, or less where a
  ///   kernel has turned out to have a lower limit.
  /// - Throws: ``ALSError/rankTooHigh(rank:maximum:device:)`` if the vectors of a row do not fit the local memory.
  init(family: KernelFamily, device: Device, parameters: ALSParameters, limits: WorkLimits = WorkLimits())
    throws(ALSError)
  {
    let stride = Self.stride(rank: parameters.unknowns)
    let localBytes = min(device.localMemoryBytes, Self.portableLocalBytes)
    guard family == .gpu else {
      guard parameters.solver == .cholesky else {
        self.init(solver: .cpuConjugateGradient)
        return
      }
      self.init(solver: .cpuCholesky)
      self.limits = limits
      // With few sums in flight for a rating, more ratings at a time save more than the longer sums lose.
      panelRows = stride <= 32 ? 64 : 32
      // The dual form gathers, multiplies and factors n × n instead of f × f: measured to pay up to nearly n = f.
      // With the rotation back of implicit training, a little less.
      guard !parameters.nonnegative else {
        isNonnegative = true
        unboundedCount = parameters.unknowns - parameters.rank
        return
      }
      dualRows = stride * (parameters.feedback.isImplicit ? 6 : 7) / 8 / 8 * 8
      return
    }
    self.init(solver: .gpuRegisterTiles)
    let largestGroup = max(1, min(device.maxWorkGroupSize, limits.largestGroup))
    self.limits = limits
    self.limits.largestGroup = largestGroup
    evaluationGroupSize = min(64, largestGroup)
    unrollsTiles = device.kind == .gpu
    panelRows = Self.panelRows(stride: stride, localBytes: localBytes)
    tile = Self.tile(order: stride)
    if case .conjugateGradient = parameters.solver {
      solver = .gpuConjugateGradient
      // A work-item a factor, as far as work-groups go.
      workGroupSize = min((stride + 31) / 32 * 32, 256, largestGroup)
      panelRows = max(1, min(64, Int(localBytes) / 2 / ((stride + 4) * MemoryLayout<Float>.size)))
      return
    }
    let tiles = Self.tileCount(order: stride, tile: tile)
    let teamGroup = Self.teamGroupSize(tiles: tiles, largestGroup: largestGroup)
    isNonnegative = parameters.nonnegative
    unboundedCount = isNonnegative ? parameters.unknowns - parameters.rank : 0
    if let teamGroup, tiles <= Self.mostRegisterTiles, !isNonnegative {
      solver = .gpuRegisterTiles
      workGroupSize = teamGroup
      // The work-items of a large group have registers and local memory for two loads each, as have those with large tiles.
      loads = tile == 4 || teamGroup < 2 * (stride / 4) * max(1, teamGroup / tiles) ? 4 : 2
      if teamGroup > 256 { loads = 2 }
    } else {
      let largestStride = Self.largestGlobalTilesStride(
        localBytes: device.localMemoryBytes, vectors: isNonnegative ? 5 : 2)
      guard stride <= largestStride else {
        throw .rankTooHigh(rank: parameters.rank, maximum: largestStride, device: device.name)
      }
      solver = .gpuGlobalTiles
      workGroupSize = min(256, largestGroup)
    }
  }

  private init(solver: Solver) { self.solver = solver }

  /// The same for kernels that read fixed factors in any of these segments.
  func reading(_ factors: FactorSegments...) -> Tuning {
    var tuning = self
    tuning.segments = factors.reduce(1) { max($0, $1.count) }
    return tuning
  }

  /// The tuning of `gpu_dual.cl` for rows of up to `order` ratings, beside that of the other rows; `nil` where work-groups are too
  /// small for it.
  func dual(order: Int) -> Tuning? {
    var dual = self
    dual.solver = .gpuDual
    dual.order = order
    dual.tile = Self.tile(order: order)
    let tiles = Self.tileCount(order: order, tile: dual.tile)
    guard let size = Self.teamGroupSize(tiles: tiles, largestGroup: limits.largestGroup) else { return nil }
    dual.workGroupSize = size
    return dual
  }

  /// Tiles of 8 × 8 do twice the work of tiles of 4 × 4 for what they read, and need a matrix that has enough of them.
  static func tile(order: Int) -> Int { order < 32 ? 4 : 8 }

  /// Tiles in the upper triangle of a matrix.
  static func tileCount(order: Int, tile: Int) -> Int {
    let side = order / tile
    return side * (side + 1) / 2
  }

  /// Matrices that a work-group has in work at a time: each has a team of as many work-items as tiles; see `gpu_tiles.cl`.
  static func teams(order: Int, tile: Int, workGroupSize: Int) -> Int {
    max(1, workGroupSize / tileCount(order: order, tile: tile))
  }

  /// The work-items of a work-group that leave the fewest idle, among those for few teams; `nil` if not even one team fits.
  static func teamGroupSize(tiles: Int, largestGroup: Int) -> Int? {
    let least = (tiles + 31) / 32 * 32
    guard least <= largestGroup else { return tiles <= largestGroup ? largestGroup : nil }
    func busy(_ size: Int) -> Double { Double(size / tiles * tiles) / Double(size) }
    let sizes = Swift.stride(from: max(64, least), through: max(least, min(largestTeamGroup, largestGroup)), by: 32)
    let best = sizes.map(busy).max() ?? 0
    // A larger group is worth its longer wait at barriers if it gains more than a twentieth.
    return sizes.first { busy($0) > 0.95 * best } ?? least
  }

  /// The largest stride whose elimination panel (8 rows and a tile) and vectors fit the local memory; see `gpu_global_tiles.cl`.
  static func largestGlobalTilesStride(localBytes: UInt64, vectors: Int) -> Int {
    let floats = Int(clamping: localBytes) / MemoryLayout<Float>.size - (8 * 8 + 1)
    return max(0, floats / (8 + vectors) / strideMultiple * strideMultiple)
  }

  /// As many staged rows as half the local memory holds, at most 32: the other half is for vectors and for a second
  /// work-group.
  private static func panelRows(stride: Int, localBytes: UInt64) -> Int {
    max(1, min(32, Int(localBytes) / 2 / (stride * MemoryLayout<Float>.size)))
  }
}
