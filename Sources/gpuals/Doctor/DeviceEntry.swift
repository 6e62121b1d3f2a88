import OpenCL

/// A device as `devices` and `doctor` list it.
struct DeviceEntry: Encodable, Sendable {
  /// What `--device` takes.
  var index: Int
  var name: String
  var vendor: String
  /// cpu, gpu, accelerator or other.
  var type: String
  var platform: String
  /// Version of the driver.
  var driver: String
  /// Bytes of its memory.
  var memory: UInt64
  /// Bytes of its largest buffer.
  var largestBuffer: UInt64
  var computeUnits: Int
  var openCLVersion: String
  /// Whether `--device auto` means this one.
  var auto: Bool

  enum CodingKeys: String, CodingKey {
    case index, name, vendor, type, platform, driver, memory, auto
    case largestBuffer = "largest_buffer"
    case computeUnits = "compute_units"
    case openCLVersion = "opencl_version"
  }

  init(_ device: Device, index: Int, isAutomatic: Bool) {
    self.index = index
    name = device.name
    vendor = device.vendor
    type = device.kind.rawValue
    platform = device.platform.name
    driver = device.driverVersion
    memory = device.globalMemoryBytes
    largestBuffer = device.maxAllocationBytes
    computeUnits = device.computeUnits
    openCLVersion = device.version
    auto = isAutomatic
  }

  /// All devices with their numbers.
  static func all(_ devices: [Device]) -> [DeviceEntry] {
    devices.indices.map { index in
      DeviceEntry(devices[index], index: index, isAutomatic: index == automaticIndex(devices))
    }
  }

  /// The number of the device that `--device auto` means.
  private static func automaticIndex(_ devices: [Device]) -> Int? {
    devices.indices.first { index in
      guard let best = devices.best() else { return false }
      return DeviceTraits(devices[index]) == DeviceTraits(best)
    }
  }
}

/// What `best()` looks at, and what tells devices apart. The first of equal ones is the best.
private struct DeviceTraits: Equatable {
  var platform: String
  var name: String
  var kind: DeviceKind
  var computeUnits: Int
  var memory: UInt64

  init(_ device: Device) {
    platform = device.platform.name
    name = device.name
    kind = device.kind
    computeUnits = device.computeUnits
    memory = device.globalMemoryBytes
  }
}
