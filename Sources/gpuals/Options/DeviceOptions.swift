import ALS
import ALSOpenCL
import ArgumentParser

/// Where to compute.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device to train on: a number from 'gpuals devices', auto (the best one), or reference (the Swift solver: no OpenCL, slow).",
      valueName: "N|auto|reference"))
  var device = DeviceChoice.auto

  @Option(
    help: ArgumentHelp(
      "The kernels to use on the device: auto, cpu or gpu. For testing; auto chooses by the device's traits.",
      valueName: "auto|cpu|gpu"))
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

/// What `--kernel-family` names.
enum KernelChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case auto, cpu, gpu

  /// The family, or `nil` for the device's own.
  var family: KernelFamily? {
    switch self {
    case .auto: nil
    case .cpu: .cpu
    case .gpu: .gpu
    }
  }
}
