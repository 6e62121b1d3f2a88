import COpenCL

/// Commands that return at once, and the order between queues: what lets a transfer overlap with computation.
extension CommandQueue {
  /// Enqueues a copy of host memory to elements of a buffer from `offset` on. The host memory must stay as it is until the
  /// command is done.
  public func enqueueWrite<Element>(
    _ elements: UnsafeBufferPointer<Element>, to buffer: Buffer<Element>, offset: Int = 0
  ) throws(OpenCLError) {
    precondition(offset >= 0 && offset + elements.count <= buffer.count)
    guard !elements.isEmpty else { return }
    let stride = MemoryLayout<Element>.stride
    let status = library.clEnqueueWriteBuffer(
      handle, buffer.handle, 0, offset * stride, elements.count * stride, elements.baseAddress, 0, nil, nil)
    try check(status, "clEnqueueWriteBuffer")
  }

  /// Enqueues a copy of the first elements of a buffer into host memory, which is theirs until the command is done.
  public func enqueueRead<Element>(_ buffer: Buffer<Element>, into elements: UnsafeMutableBufferPointer<Element>)
    throws(OpenCLError)
  {
    precondition(elements.count <= buffer.count)
    guard !elements.isEmpty else { return }
    let status = library.clEnqueueReadBuffer(
      handle, buffer.handle, 0, 0, elements.count * MemoryLayout<Element>.stride, elements.baseAddress, 0, nil, nil)
    try check(status, "clEnqueueReadBuffer")
  }

  /// An event that is done when all commands enqueued so far are. They are handed to the device at once, so that another queue
  /// may wait for it.
  public func marker() throws(OpenCLError) -> Event {
    var event: cl_event?
    try check(library.clEnqueueMarkerWithWaitList(handle, 0, nil, &event), "clEnqueueMarkerWithWaitList")
    guard let event else {
      throw .call(function: "clEnqueueMarkerWithWaitList", status: .outOfResources, device: context.device.name)
    }
    let marker = Event(handle: event, device: context.device)
    try check(library.clFlush(handle), "clFlush")
    return marker
  }

  /// Commands enqueued from here on start after `event`, which may be of another queue.
  public func enqueueWait(for event: Event) throws(OpenCLError) {
    var handles: cl_event? = event.handle
    try check(library.clEnqueueBarrierWithWaitList(handle, 1, &handles, nil), "clEnqueueBarrierWithWaitList")
  }
}
