import COpenCL

/// Kernels compiled for a device.
///
/// `@unchecked Sendable` holds because the handle is set once and the program is not built again.
public final class Program: @unchecked Sendable {
  let handle: cl_program
  /// The context that it was built in.
  public let context: Context

  /// Compiles OpenCL C.
  ///
  /// - Parameter options: as of `clBuildProgram`, for example `-D RANK=64`.
  /// - Throws: ``OpenCLError/buildFailed(device:status:options:log:)`` with the compiler's log.
  public init(_ context: Context, source: String, options: String) throws(OpenCLError) {
    self.context = context
    let library = context.device.library
    var status: Int32 = 0
    let handle = source.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return library.clCreateProgramWithSource(context.handle, 1, &text, nil, &status)
    }
    try CLStatus(rawValue: status).check("clCreateProgramWithSource", device: context.device.name)
    guard let handle else {
      throw .call(function: "clCreateProgramWithSource", status: .outOfHostMemory, device: context.device.name)
    }
    var device: cl_device_id? = context.device.id
    let build = CLStatus(rawValue: library.clBuildProgram(handle, 1, &device, options, nil, nil))
    guard build == .success else {
      let log = try? infoText("clGetProgramBuildInfo") {
        library.clGetProgramBuildInfo(handle, device, cl_program_build_info(CL_PROGRAM_BUILD_LOG), $0, $1, $2)
      }
      _ = library.clReleaseProgram(handle)
      throw .buildFailed(device: context.device.name, status: build, options: options, log: log ?? "(none)")
    }
    self.handle = handle
  }

  deinit { _ = context.device.library.clReleaseProgram(handle) }
}
