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
    try self.init(device: device, kernelFamily: kernelFamily, extraBuildOptions: "")
  }

  /// - Parameter extraBuildOptions: for every program, such as `-cl-kernel-arg-info`.
  package init(device: Device, kernelFamily: KernelFamily?, extraBuildOptions: String) throws(OpenCLError) {
    self.device = device
    self.kernelFamily = kernelFamily ?? KernelFamily(for: device)
    context = try Context(device: device)
    programs = ProgramCache(context, extraOptions: extraBuildOptions)
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
