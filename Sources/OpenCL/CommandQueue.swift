import COpenCL

/// An in-order queue of commands for a device, with profiling on.
///
/// `@unchecked Sendable` holds because the handle is set once and OpenCL's queue functions are thread-safe.
public final class CommandQueue: @unchecked Sendable {
  let handle: cl_command_queue
  /// The context whose buffers and kernels it takes.
  public let context: Context

  var library: OpenCLLibrary { context.device.library }

  /// Opens a queue.
  public init(_ context: Context) throws(OpenCLError) {
    self.context = context
    var status: Int32 = 0
    let profiling = cl_command_queue_properties(2)  // CL_QUEUE_PROFILING_ENABLE
    let handle = context.device.library.clCreateCommandQueue(
      context.handle, context.device.id, profiling, &status)
    try CLStatus(rawValue: status).check("clCreateCommandQueue", device: context.device.name)
    guard let handle else {
      throw .call(function: "clCreateCommandQueue", status: .outOfResources, device: context.device.name)
    }
    self.handle = handle
  }

  deinit { _ = library.clReleaseCommandQueue(handle) }

  /// Copies host memory to elements of a buffer from `offset` on; returns when the host memory may be reused.
  public func write<Element>(_ elements: UnsafeBufferPointer<Element>, to buffer: Buffer<Element>, offset: Int = 0)
    throws(OpenCLError)
  {
    precondition(offset >= 0 && offset + elements.count <= buffer.count)
    guard !elements.isEmpty else { return }
    let stride = MemoryLayout<Element>.stride
    let status = library.clEnqueueWriteBuffer(
      handle, buffer.handle, 1, offset * stride, elements.count * stride, elements.baseAddress, 0, nil, nil)
    try check(status, "clEnqueueWriteBuffer")
  }

  /// Copies an array to the start of a buffer.
  public func write<Element>(_ elements: [Element], to buffer: Buffer<Element>) throws(OpenCLError) {
    // `withUnsafeBufferPointer` forwards the error type of its closure.
    try elements.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in try write(pointer, to: buffer) }
  }

  /// Copies elements of a buffer from `offset` on into host memory, after all commands before it.
  public func read<Element>(
    _ buffer: Buffer<Element>, offset: Int = 0, into elements: UnsafeMutableBufferPointer<Element>
  )
    throws(OpenCLError)
  {
    precondition(offset >= 0 && offset + elements.count <= buffer.count)
    guard !elements.isEmpty else { return }
    let stride = MemoryLayout<Element>.stride
    let status = library.clEnqueueReadBuffer(
      handle, buffer.handle, 1, offset * stride, elements.count * stride, elements.baseAddress, 0, nil, nil)
    try check(status, "clEnqueueReadBuffer")
  }

  /// The whole content of a buffer, after all commands before it.
  public func read<Element>(_ buffer: Buffer<Element>) throws(OpenCLError) -> [Element] {
    var failure: OpenCLError?
    let elements = [Element](unsafeUninitializedCapacity: buffer.count) { pointer, initializedCount in
      do throws(OpenCLError) {
        try read(buffer, into: UnsafeMutableBufferPointer(rebasing: pointer[..<buffer.count]))
        initializedCount = buffer.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }

  /// Sets every element of a buffer.
  public func fill<Element>(_ buffer: Buffer<Element>, with value: Element) throws(OpenCLError) {
    guard buffer.count > 0 else { return }
    var value = value
    let stride = MemoryLayout<Element>.stride
    let status = library.clEnqueueFillBuffer(
      handle, buffer.handle, &value, stride, 0, buffer.count * stride, 0, nil, nil)
    try check(status, "clEnqueueFillBuffer")
  }

  /// Returns when all commands are done.
  public func finish() throws(OpenCLError) { try check(library.clFinish(handle), "clFinish") }

  func check(_ status: Int32, _ function: String) throws(OpenCLError) {
    try CLStatus(rawValue: status).check(function, device: context.device.name)
  }
}
