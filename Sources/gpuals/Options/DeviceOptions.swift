import ALS
import ArgumentParser

/// Where to compute.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device to compute on: a number from 'gpuals devices', auto (the best one), or reference (in Swift: no OpenCL, slow).",
      valueName: "N|auto|reference"))
  var device = DeviceChoice.auto

  @Option(
    help: ArgumentHelp(
      "The kernels to use on the device. For testing: auto chooses by the device's traits.", valueName: "FAMILY"))
  var kernelFamily = KernelChoice.auto

  func validate() throws {
    if device == .reference, kernelFamily != .auto {
      throw ValidationError("--kernel-family has no meaning with --device reference, which uses no kernels.")
    }
  }

  /// Opens the device.
  func backend() throws -> any Backend {
    try device.backend(kernelFamily: kernelFamily.family)
  }
}
