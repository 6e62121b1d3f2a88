import ALS
import ALSOpenCL
import ArgumentParser

/// Where to compute.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device to compute on: a number from 'gpuals devices', several with commas between them (0,1: each solves a share of the rows), auto (the best one), or reference (in Swift: no OpenCL, slow).",
      valueName: "N[,N…]|auto|reference"))
  var device = DeviceChoice.auto

  @Option(
    help: ArgumentHelp(
      "The kernels to use on the device. For testing: auto chooses by the device's traits.", valueName: "FAMILY"))
  var kernelFamily = KernelChoice.auto

  @OptionGroup var memory: DeviceMemoryOptions

  func validate() throws {
    if device == .reference, memory.settings != MemorySettings() {
      let option = memory.copyRatings ? "--copy-ratings" : "--device-memory"
      throw ValidationError("\(option) has no meaning with --device reference, which uses no device's memory.")
    }
    if device == .reference, kernelFamily != .auto {
      throw ValidationError("--kernel-family has no meaning with --device reference, which uses no kernels.")
    }
  }

  /// Opens the device.
  func backend() throws -> any Backend {
    try device.backend(kernelFamily: kernelFamily.family, memory: memory.settings)
  }
}
