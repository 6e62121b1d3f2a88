import COpenCL

/// An in-order queue of commands for a device. It takes the times of commands if its context has a ``CommandProfile``.
///
/// `@unchecked Sendable` holds because the handle is set once and OpenCL's queue functions are thread-safe.
public final class CommandQueue: @unchecked Sendable {
  let handle: cl_command_queue
  /// The context whose buffers and kernels it takes.
  public let context: Context

  var library: OpenCLLibrary { context.device.library }

  /// Where the times of commands go; none are taken without.
  var profile: CommandProfile? { context.profile }

  /// Opens a queue.
  public init(_ context: Context) throws(OpenCLError) {
    self.context = context
    var status: Int32 = 0
    let properties = cl_command_queue_properties(context.profile == nil ? 0 : 2)  // CL_QUEUE_PROFILING_ENABLE
    let handle = context.device.library.clCreateCommandQueue(
      context.handle, context.device.id, properties, &status)
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
    try record("write", bytes: elements.count * stride, "clEnqueueWriteBuffer") { event in
      library.clEnqueueWriteBuffer(
        handle, buffer.handle, 1, offset * stride, elements.count * stride, elements.baseAddress, 0, nil, event)
    }
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
    try record("read", bytes: elements.count * stride, "clEnqueueReadBuffer") { event in
      library.clEnqueueReadBuffer(
        handle, buffer.handle, 1, offset * stride, elements.count * stride, elements.baseAddress, 0, nil, event)
    }
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
    try record("fill", bytes: buffer.count * stride, "clEnqueueFillBuffer") { event in
      library.clEnqueueFillBuffer(handle, buffer.handle, &value, stride, 0, buffer.count * stride, 0, nil, event)
    }
  }

  /// Returns when all commands are done.
  public func finish() throws(OpenCLError) { try check(library.clFinish(handle), "clFinish") }

  /// Enqueues a command by `enqueue`, and records its event if there is a profile.
  private func record(
    _ name: String, bytes: Int, _ function: String, _ enqueue: (UnsafeMutablePointer<cl_event?>?) -> Int32
  ) throws(OpenCLError) {
    guard let profile else { return try check(enqueue(nil), function) }
    var event: cl_event?
    try check(enqueue(&event), function)
    if let event { profile.record(name, bytes: bytes, Event(handle: event, device: context.device)) }
  }

  func check(_ status: Int32, _ function: String) throws(OpenCLError) {
    try CLStatus(rawValue: status).check(function, device: context.device.name)
  }
}
