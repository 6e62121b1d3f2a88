import OpenCL

/// A set of kernels shaped for one kind of device. Both give the same results within rounding, on any device.
public enum KernelFamily: String, Sendable, Hashable, CaseIterable {
  /// One work-item solves a row; no barriers.
  case cpu
  /// A work-group solves a row through local memory.
  case gpu

  /// The family for a device.
  public init(for device: Device) {
    self = device.kind == .cpu ? .cpu : .gpu
  }
}
