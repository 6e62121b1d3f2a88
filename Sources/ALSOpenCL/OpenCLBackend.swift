import ALS
import OpenCL

/// Trains on an OpenCL device.
public final class OpenCLBackend: Backend {
  /// The device.
  public let device: Device
  /// The kernels that are used.
  public let kernelFamily: KernelFamily
  private let context: Context
  private let programs: ProgramCache

  /// The device's name.
  public var name: String { device.name }

  /// Opens a context on a device.
  ///
  /// - Parameter kernelFamily: the kernels to use; by default those shaped for the kind of the device.
  public convenience init(device: Device, kernelFamily: KernelFamily? = nil) throws(OpenCLError) {
    try self.init(device: device, kernelFamily: kernelFamily, extraBuildOptions: "", store: .standard(for: device))
  }

  /// - Parameters:
  ///   - extraBuildOptions: for every program, such as `-cl-kernel-arg-info`.
  ///   - store: where binaries of programs are kept between runs.
  package init(
    device: Device, kernelFamily: KernelFamily?, extraBuildOptions: String, store: ProgramStore? = nil
  ) throws(OpenCLError) {
    self.device = device
    self.kernelFamily = kernelFamily ?? KernelFamily(for: device)
    context = try Context(device: device)
    programs = ProgramCache(context, store: store, extraOptions: extraBuildOptions)
  }

  /// Compiles the kernels, and runs each once on a problem of two rows: some drivers compile at the first launch.
  public func prepare(_ parameters: ALSParameters) throws {
    // One row shorter than the rank and one longer, for they may be solved by different kernels.
    let columns = parameters.rank + 1
    let ratings = CSRMatrix(
      columnCount: columns, rowOffsets: [0, columns, columns + 1], columnIndices: Array(0..<Int32(columns)) + [0],
      values: [Float](repeating: 1, count: columns + 1))
    let data = try TrainingData(ratings: ratings, heldOut: ratings)
    let trial = try ALSParameters(
      rank: parameters.rank, regularization: 1, feedback: parameters.feedback, solver: parameters.solver,
      precision: parameters.precision)
    let session = try makeSession(
      data: data, parameters: trial,
      initial: Factors(
        user: FactorMatrix(zeros: 2, rank: trial.rank), item: FactorMatrix(zeros: columns, rank: trial.rank)))
    try session.update(.user)
    _ = try session.loss()
    _ = try session.heldOutSquaredError()
  }

  /// Uploads ratings and factors, and compiles the kernels.
  public func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession
  {
    try makeOpenCLSession(data: data, parameters: parameters, initial: initial)
  }

  /// As ``makeSession(data:parameters:initial:)``, with the type that tests look into.
  package func makeOpenCLSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws
    -> OpenCLSession
  {
    try OpenCLSession(
      context: context, programs: programs, kernelFamily: kernelFamily, data: data, parameters: parameters,
      initial: initial)
  }
}
