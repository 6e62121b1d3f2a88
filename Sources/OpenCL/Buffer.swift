import COpenCL

/// An array of numbers in the memory of a device.
///
/// `@unchecked Sendable` holds because the handle is set once; what is in the memory is ordered by the command queue.
public final class Buffer<Element: OpenCLScalar>: @unchecked Sendable {
  let handle: cl_mem
  /// The context that it belongs to.
  public let context: Context
  /// Number of elements.
  public let count: Int
  private let reservedBytes: UInt64

  /// Allocates `count` elements with undefined content.
  ///
  /// OpenCL has no empty buffers: for a count of 0, one element is allocated.
  ///
  /// - Parameter what: what it holds, for error messages: "the ratings by user".
  /// - Throws: ``OpenCLError/bufferTooLarge(what:bytes:limit:device:)``,
  ///   ``OpenCLError/outOfDeviceMemory(what:bytes:inUse:total:device:)``.
  public init(_ context: Context, count: Int, what: String) throws(OpenCLError) {
    let bytes = UInt64(max(1, count)) * UInt64(MemoryLayout<Element>.stride)
    try context.reserve(bytes: bytes, for: what)
    var status: Int32 = 0
    let readWrite = cl_mem_flags(1)  // CL_MEM_READ_WRITE
    let handle = context.device.library.clCreateBuffer(context.handle, readWrite, Int(bytes), nil, &status)
    guard let handle, status == 0 else {
      context.release(bytes: bytes)
      throw .call(function: "clCreateBuffer (\(what))", status: CLStatus(rawValue: status), device: context.device.name)
    }
    self.handle = handle
    self.context = context
    self.count = count
    reservedBytes = bytes
  }

  deinit {
    _ = context.device.library.clReleaseMemObject(handle)
    context.release(bytes: reservedBytes)
  }
}
