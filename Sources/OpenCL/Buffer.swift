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
  /// What it stands in: the buffer that it is a part of, the host's array, or pages of the host.
  private let storage: (any Sendable)?

  /// Allocates `count` elements with undefined content.
  ///
  /// OpenCL has no empty buffers: for a count of 0, one element is allocated. Large buffers of CPU devices are in large pages of
  /// the host's memory.
  ///
  /// - Parameters:
  ///   - context: where; its limits count.
  ///   - count: number of elements.
  ///   - what: what it holds, for error messages: "the ratings by user".
  /// - Throws: ``OpenCLError/bufferTooLarge(what:bytes:limit:device:)``,
  ///   ``OpenCLError/outOfDeviceMemory(what:bytes:inUse:total:device:)``.
  public init(_ context: Context, count: Int, what: String) throws(OpenCLError) {
    let bytes = UInt64(max(1, count)) * UInt64(MemoryLayout<Element>.stride)
    try context.reserve(bytes: bytes, for: what)
    var status: Int32 = 0
    let pages = context.device.kind == .cpu && bytes >= HostPages.leastBytes ? HostPages(bytes: Int(bytes)) : nil
    let flags = cl_mem_flags(pages == nil ? 1 : 1 | 8)  // CL_MEM_READ_WRITE, CL_MEM_USE_HOST_PTR
    let handle = context.device.library.clCreateBuffer(context.handle, flags, Int(bytes), pages?.start, &status)
    guard let handle, status == 0 else {
      context.release(bytes: bytes)
      throw .call(function: "clCreateBuffer (\(what))", status: CLStatus(rawValue: status), device: context.device.name)
    }
    self.handle = handle
    self.context = context
    self.count = count
    reservedBytes = bytes
    storage = pages
  }

  /// `count` elements of another buffer from `offset` on, under a name of their own. Takes no memory.
  ///
  /// - Precondition: the part starts at a multiple of the device's `partAlignmentBytes`, and is not empty.
  public init(partOf whole: Buffer<Element>, offset: Int, count: Int, what: String) throws(OpenCLError) {
    precondition(offset >= 0 && count > 0 && offset + count <= whole.count)
    let context = whole.context
    let stride = MemoryLayout<Element>.stride
    precondition(offset * stride % context.device.partAlignmentBytes == 0)
    var region = cl_buffer_region(origin: offset * stride, size: count * stride)
    var status: Int32 = 0
    let handle = context.device.library.clCreateSubBuffer(
      whole.handle, cl_mem_flags(1), cl_buffer_create_type(CL_BUFFER_CREATE_TYPE_REGION), &region, &status)
    guard let handle, status == 0 else {
      throw .call(
        function: "clCreateSubBuffer (\(what))", status: CLStatus(rawValue: status), device: context.device.name)
    }
    self.handle = handle
    self.context = context
    self.count = count
    reservedBytes = 0
    storage = whole
  }

  /// A part of a host's array as a device that shares the host's memory sees it, without a copy. It is only read, and takes no
  /// memory. On a device with memory of its own, drivers copy it for every kernel: not for those. The bits are taken as they
  /// are, so that offsets may be `Int` here and `ulong` there.
  ///
  /// - Precondition: the part is not empty, and the elements are as large on both sides.
  public init<Stored: BitwiseCopyable & Sendable>(
    _ context: Context, sharing array: [Stored], _ part: Range<Int>, what: String
  ) throws(OpenCLError) {
    precondition(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= array.count)
    precondition(MemoryLayout<Stored>.stride == MemoryLayout<Element>.stride)
    let bytes = part.count * MemoryLayout<Element>.stride
    try context.checkSize(bytes: UInt64(bytes), for: what)
    // The elements of an array of numbers stand in one place for as long as the array lives, and this buffer keeps it alive
    // and unchanged: whoever writes to another copy of it gets a new place.
    let start = array.withUnsafeBufferPointer { UnsafeMutableRawPointer(mutating: $0.baseAddress) }
    var status: Int32 = 0
    let flags = cl_mem_flags(4 | 8)  // CL_MEM_READ_ONLY | CL_MEM_USE_HOST_PTR
    let handle = context.device.library.clCreateBuffer(
      context.handle, flags, bytes, start?.advanced(by: part.lowerBound * MemoryLayout<Element>.stride), &status)
    guard let handle, status == 0 else {
      throw .call(function: "clCreateBuffer (\(what))", status: CLStatus(rawValue: status), device: context.device.name)
    }
    self.handle = handle
    self.context = context
    count = part.count
    reservedBytes = 0
    storage = array
  }

  deinit {
    _ = context.device.library.clReleaseMemObject(handle)
    context.release(bytes: reservedBytes)
  }
}
