import COpenCL
import Synchronization

/// A context for one device: what buffers, programs and queues belong to. It keeps count of the memory that its buffers
/// take, for some drivers (pocl) grant more than there is and are killed when it is touched.
///
/// `@unchecked Sendable` holds because the handle is set once, OpenCL's context functions are thread-safe, and the count is
/// behind a mutex.
public final class Context: @unchecked Sendable {
  let handle: cl_context
  /// The device.
  public let device: Device
  /// Where its queues record what their commands take, if anywhere.
  public let profile: CommandProfile?
  private let memory = Mutex(MemoryUse())

  private struct MemoryUse {
    var current: UInt64 = 0
    var peak: UInt64 = 0
    var limit: UInt64?
    var allocationLimit: UInt64?
  }

  /// Opens a context on a device.
  ///
  /// - Parameters:
  ///   - device: the only one of the context.
  ///   - profile: where its queues record the times of their commands; without, none are taken.
  public init(device: Device, profile: CommandProfile? = nil) throws(OpenCLError) {
    self.device = device
    self.profile = profile
    var status: Int32 = 0
    var id: cl_device_id? = device.id
    let handle = device.library.clCreateContext(nil, 1, &id, nil, nil, &status)
    try CLStatus(rawValue: status).check("clCreateContext", device: device.name)
    guard let handle else { throw .call(function: "clCreateContext", status: .outOfResources, device: device.name) }
    self.handle = handle
  }

  deinit { _ = device.library.clReleaseContext(handle) }

  /// Memory taken by living buffers, in bytes.
  public var bytesInUse: UInt64 { memory.withLock { $0.current } }

  /// The most that ``bytesInUse`` has been.
  public var peakBytes: UInt64 { memory.withLock { $0.peak } }

  /// Lets ``peakBytes`` start anew from what is in use.
  public func resetPeak() { memory.withLock { $0.peak = $0.current } }

  /// Lets buffers created from here on take less than the device has: `total` together, `allocation` each. What the device
  /// itself allows stays the upper limit.
  public func setLimits(total: UInt64, allocation: UInt64) {
    memory.withLock { use in
      use.limit = total
      use.allocationLimit = allocation
    }
  }

  /// The largest buffer that may be created, in bytes: what the device allows, or less where a limit is set.
  public var maxAllocationBytes: UInt64 {
    memory.withLock { min($0.allocationLimit ?? .max, device.maxAllocationBytes) }
  }

  func checkSize(bytes: UInt64, for what: String) throws(OpenCLError) {
    let limit = maxAllocationBytes
    guard bytes <= limit else {
      throw .bufferTooLarge(what: what, bytes: bytes, limit: limit, device: device.name)
    }
  }

  func reserve(bytes: UInt64, for what: String) throws(OpenCLError) {
    try checkSize(bytes: bytes, for: what)
    let total = memory.withLock { min($0.limit ?? .max, device.globalMemoryBytes) }
    let inUse: UInt64? = memory.withLock { use in
      if use.current + bytes > total { return use.current }
      use.current += bytes
      use.peak = max(use.peak, use.current)
      return nil
    }
    if let inUse {
      throw .outOfDeviceMemory(what: what, bytes: bytes, inUse: inUse, total: total, device: device.name)
    }
  }

  func release(bytes: UInt64) { memory.withLock { $0.current -= bytes } }
}
