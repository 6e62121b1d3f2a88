import COpenCL

/// A command in a queue: to wait for, and to read times from.
///
/// `@unchecked Sendable` holds because the handle is set once and OpenCL's event functions are thread-safe.
public final class Event: @unchecked Sendable {
  let handle: cl_event
  private let device: Device

  init(handle: cl_event, device: Device) {
    self.handle = handle
    self.device = device
  }

  deinit { _ = device.library.clReleaseEvent(handle) }

  /// Returns when the command is done.
  public func wait() throws(OpenCLError) {
    var event: cl_event? = handle
    try CLStatus(rawValue: device.library.clWaitForEvents(1, &event)).check("clWaitForEvents", device: device.name)
  }

  /// Time that the command ran on the device, in seconds, once it is done.
  ///
  /// - Throws: ``OpenCLError/call(function:status:device:)`` unless the context has a ``CommandProfile``: only then do queues
  ///   take times.
  public func seconds() throws(OpenCLError) -> Double {
    func time(_ parameter: Int32) throws(OpenCLError) -> UInt64 {
      var nanoseconds: UInt64 = 0
      let status = device.library.clGetEventProfilingInfo(
        handle, cl_profiling_info(parameter), MemoryLayout<UInt64>.size, &nanoseconds, nil)
      try CLStatus(rawValue: status).check("clGetEventProfilingInfo", device: device.name)
      return nanoseconds
    }
    let start = try time(CL_PROFILING_COMMAND_START)
    let end = try time(CL_PROFILING_COMMAND_END)
    return Double(end &- start) * 1e-9
  }
}
