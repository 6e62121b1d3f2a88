import ALS
import ALSOpenCL
import ALSReference
import ArgumentParser
import OpenCL

/// What `--device` names.
enum DeviceChoice: Sendable, Equatable, ExpressibleByArgument, CustomStringConvertible {
  /// The Swift solver.
  case reference
  /// OpenCL devices.
  case selected(DeviceSelection)

  /// The best OpenCL device.
  static let auto = DeviceChoice.selected(.best)

  init?(argument: String) {
    if argument == "reference" {
      self = .reference
    } else {
      guard let selection = DeviceSelection(argument) else { return nil }
      self = .selected(selection)
    }
  }

  var description: String {
    switch self {
    case .reference: "reference"
    case .selected(let selection): selection.description
    }
  }

  /// Whether it is more than one device.
  var isSeveral: Bool {
    if case .selected(.indices(let indices)) = self { indices.count > 1 } else { false }
  }

  /// The device, of several the first; `nil` for the reference.
  ///
  /// - Throws: `OpenCLError` where there is none, or no such.
  func device() throws -> Device? {
    guard case .selected(let selection) = self else { return nil }
    return try selection.devices().first
  }

  /// Opens the device, or the devices, for training.
  ///
  /// - Throws: `OpenCLError` where there is none, or no such.
  func backend(kernelFamily: KernelFamily?, memory: MemorySettings) throws -> any Backend {
    guard case .selected(let selection) = self else { return ReferenceBackend() }
    let members = try selection.devices().map {
      try OpenCLBackend(device: $0, kernelFamily: kernelFamily, memory: memory)
    }
    return members.count == 1 ? members[0] : DeviceGroup(members)
  }
}
