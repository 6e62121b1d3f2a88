import OpenCL

/// What the buffers of a training session may take.
public struct MemoryLimits: Sendable, Equatable {
  /// All buffers together, in bytes.
  public var totalBytes: UInt64
  /// Whether ``totalBytes`` is what the user allows (`--device-memory`), and not what the device has.
  public var isCap: Bool
  /// A single buffer, in bytes.
  public var allocationBytes: UInt64
  /// Parts of a buffer start at multiples of this, in bytes.
  public var partAlignmentBytes: Int
  /// Whether kernels read the ratings where the host has them, so that they take no memory on the device.
  public var sharesRatings: Bool

  /// Gives all values.
  public init(
    totalBytes: UInt64, isCap: Bool, allocationBytes: UInt64, partAlignmentBytes: Int, sharesRatings: Bool
  ) {
    self.totalBytes = totalBytes
    self.isCap = isCap
    self.allocationBytes = allocationBytes
    self.partAlignmentBytes = partAlignmentBytes
    self.sharesRatings = sharesRatings
  }

  /// Parts of a factor matrix may begin at multiples of so many rows: there they may be addressed as buffers of their own.
  ///
  /// - Parameter stride: floats of a row on the device.
  func rowsOfAtom(stride: Int) -> Int {
    var rows = 1
    while rows * stride * MemoryLayout<Float>.size % partAlignmentBytes != 0 { rows += 1 }
    return rows
  }

  /// The limits of a device under what the user wishes.
  ///
  /// Without a cap, a sixteenth of the memory is left to the driver and to others, at least 256 MiB where there are 4 GiB or
  /// more. A device in the host's memory may take what the host has left, whatever its driver says: pocl grants more than there
  /// is, and the process is killed when it is touched.
  public init(of device: Device, _ settings: MemorySettings) {
    self.init(of: device, settings, host: HostMemory.availableBytes)
  }

  /// - Parameter host: what the host's memory has left for a device in it, in bytes; `nil` if that is not known.
  init(of device: Device, _ settings: MemorySettings, host: UInt64?) {
    var total = device.globalMemoryBytes
    if device.isInHostMemory, let host { total = min(total, host) }
    let reserve = total < 4 << 30 ? total / 16 : max(256 << 20, total / 16)
    self.init(
      totalBytes: min(settings.cap ?? .max, total - reserve), isCap: (settings.cap ?? .max) <= total - reserve,
      allocationBytes: min(settings.largestAllocation ?? .max, device.maxAllocationBytes),
      partAlignmentBytes: device.partAlignmentBytes,
      // An integrated GPU's driver may copy what is not aligned to its pages, for every kernel.
      sharesRatings: device.kind == .cpu && device.sharesHostMemory && !settings.copiesRatings)
  }
}

/// What the user wishes about the memory of a device.
public struct MemorySettings: Sendable, Equatable {
  /// All buffers together, in bytes; what the device has if `nil`.
  public var cap: UInt64?
  /// Copies the ratings even to a device that could read them where the host has them.
  public var copiesRatings: Bool
  /// A single buffer, in bytes, if less than the device allows: for tests.
  public var largestAllocation: UInt64?

  /// Wishes; none by default.
  public init(cap: UInt64? = nil, copiesRatings: Bool = false, largestAllocation: UInt64? = nil) {
    self.cap = cap
    self.copiesRatings = copiesRatings
    self.largestAllocation = largestAllocation
  }
}
