import ALS
import OpenCL

/// Trains on an OpenCL device.
public final class OpenCLBackend: Backend {
  /// The device.
  public let device: Device
  /// The kernels that are used.
  public let kernelFamily: KernelFamily
  /// What the user wishes about the device's memory.
  public let memory: MemorySettings
  private let context: Context
  private let programs: ProgramCache
  private let limits: WorkLimits

  /// The device's name.
  public var name: String { device.name }

  /// Opens a context on a device.
  ///
  /// - Parameters:
  ///   - device: one that can compile programs (`Device.hasCompiler`).
  ///   - kernelFamily: the kernels to use; by default those shaped for the kind of the device.
  ///   - memory: wishes about the device's memory.
  ///   - profile: where the times of all kernels and copies go; without, none are taken.
  public convenience init(
    device: Device, kernelFamily: KernelFamily? = nil, memory: MemorySettings = MemorySettings(),
    profile: CommandProfile? = nil
  ) throws(OpenCLError) {
    try self.init(
      device: device, kernelFamily: kernelFamily, memory: memory, extraBuildOptions: "",
      store: .standard(for: device), profile: profile)
  }

  /// - Parameters:
  ///   - extraBuildOptions: for every program, such as `-cl-kernel-arg-info`.
  ///   - store: where binaries of programs are kept between runs.
  ///   - limits: how much a half-step does at a time.
  package init(
    device: Device, kernelFamily: KernelFamily?, memory: MemorySettings = MemorySettings(), extraBuildOptions: String,
    store: ProgramStore? = nil, profile: CommandProfile? = nil, limits: WorkLimits = WorkLimits()
  ) throws(OpenCLError) {
    self.device = device
    self.limits = limits
    self.memory = memory
    self.kernelFamily = kernelFamily ?? KernelFamily(for: device)
    context = try Context(device: device, profile: profile)
    programs = ProgramCache(context, store: store, extraOptions: extraBuildOptions)
  }

  /// Compiles the kernels, and runs each once on a problem of two rows: some drivers compile at the first launch.
  public func prepare(_ parameters: ALSParameters) throws {
    // One row shorter than the rank and one longer, for they may be solved by different kernels.
    let columns = parameters.unknowns + 1
    let ratings = CSRMatrix(
      columnCount: columns, rowOffsets: [0, columns, columns + 1], columnIndices: Array(0..<Int32(columns)) + [0],
      values: [Float](repeating: 1, count: columns + 1))
    let data = try TrainingData(ratings: ratings, heldOut: ratings)
    let trial = try ALSParameters(
      rank: parameters.rank, regularization: 1, feedback: parameters.feedback, solver: parameters.solver,
      nonnegative: parameters.nonnegative, biases: parameters.biases, precision: parameters.precision)
    // A cap on the memory is for the ratings to come, and they are to be told of it.
    let session = try self.session(
      memoryPlan(for: data, parameters: trial, limits: MemoryLimits(of: device, MemorySettings())),
      ratings: OpenCLRatings(data, backend: self), parameters: trial, initial: .initial(for: data, parameters: trial))
    try session.update(.user)
    _ = try session.loss()
    _ = try session.heldOutSquaredError()
  }

  /// Uploads ratings and factors, and compiles the kernels.
  public func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession
  {
    try makeOpenCLSession(data: data, parameters: parameters, initial: initial)
  }

  /// Uploads the ratings with the first session on them; the next ones find them there.
  public func place(_ data: TrainingData) -> any PlacedRatings { OpenCLRatings(data, backend: self) }

  /// What a session would hold in the device's memory. Allocates and compiles nothing.
  ///
  /// - Throws: ``DeviceMemoryError`` if the problem does not fit, `ALSError.rankTooHigh`.
  public func memoryPlan(for data: TrainingData, parameters: ALSParameters) throws -> MemoryPlan {
    try memoryPlan(for: data, parameters: parameters, limits: MemoryLimits(of: device, memory))
  }

  /// The same within given limits.
  ///
  /// - Parameter share: the rows that the device solves; `nil`: all.
  package func memoryPlan(
    for data: TrainingData, parameters: ALSParameters, limits: MemoryLimits, share: RowShare? = nil
  ) throws -> MemoryPlan {
    try MemoryPlan(
      data, parameters: parameters,
      tuning: Tuning(family: kernelFamily, device: device, parameters: parameters, limits: self.limits),
      computeUnits: device.computeUnits, limits: limits, device: device.name, share: share)
  }

  /// As ``makeSession(data:parameters:initial:)``, with the type that tests look into.
  package func makeOpenCLSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws
    -> OpenCLSession
  {
    try session(
      memoryPlan(for: data, parameters: parameters), ratings: OpenCLRatings(data, backend: self),
      parameters: parameters, initial: initial)
  }

  func session(_ plan: MemoryPlan, ratings: OpenCLRatings, parameters: ALSParameters, initial: Factors) throws
    -> OpenCLSession
  {
    context.setLimits(total: plan.limits.totalBytes, allocation: plan.limits.allocationBytes)
    return try OpenCLSession(
      context: context, programs: programs,
      tuning: Tuning(
        family: kernelFamily, device: device, parameters: parameters, limits: limits, plan: plan, programs: programs),
      plan: plan, placed: ratings, parameters: parameters, initial: initial)
  }
}
