import ALS
import ALSOpenCL
import ALSReference
import ArgumentParser
import OpenCL

/// What `--device` names.
enum DeviceChoice: Sendable, Equatable, ExpressibleByArgument, CustomStringConvertible {
  /// The best OpenCL device.
  case auto
  /// The Swift solver.
  case reference
  /// A device by its number in `gpuals devices`.
  case index(Int)

  init?(argument: String) {
    switch argument {
    case "auto": self = .auto
    case "reference": self = .reference
    default:
      guard let index = Int(argument), index >= 0 else { return nil }
      self = .index(index)
    }
  }

  var description: String {
    switch self {
    case .auto: "auto"
    case .reference: "reference"
    case .index(let index): String(index)
    }
  }

  /// The device; `nil` for the reference.
  ///
  /// - Throws: `OpenCLError` where there is none, or no such.
  func device() throws -> Device? {
    switch self {
    case .reference:
      return nil
    case .auto:
      guard let best = try OpenCLLibrary.load().devices().best() else { throw OpenCLError.noDevices(platforms: []) }
      return best
    case .index(let index):
      let devices = try OpenCLLibrary.load().devices()
      guard devices.indices.contains(index) else {
        throw OpenCLError.noSuchDevice(index: index, count: devices.count)
      }
      return devices[index]
    }
  }

  /// Opens the device for training.
  ///
  /// - Throws: `OpenCLError` where there is none, or no such.
  func backend(kernelFamily: KernelFamily?, memory: MemorySettings) throws -> any Backend {
    guard let device = try device() else { return ReferenceBackend() }
    return try OpenCLBackend(device: device, kernelFamily: kernelFamily, memory: memory)
  }
}
