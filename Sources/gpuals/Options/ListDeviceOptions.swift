import ArgumentParser

/// Where lists are searched for.
struct ListDeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device to search on: a number from 'gpuals devices', auto (the best one, where there are many lists to make), or reference (in Swift: no OpenCL). The lists are the same.",
      valueName: "N|auto|reference"))
  var device = DeviceChoice.auto

  @Option(
    help: ArgumentHelp(
      "The kernel to use on the device. For testing: auto chooses by the device's traits.", valueName: "FAMILY"))
  var kernelFamily = KernelChoice.auto

  func validate() throws {
    if device.isSeveral {
      throw ValidationError("--device \(device) names several devices, but lists are searched on one: give one number.")
    }
    if device == .reference, kernelFamily != .auto {
      throw ValidationError("--kernel-family has no meaning with --device reference, which uses no kernels.")
    }
  }
}
