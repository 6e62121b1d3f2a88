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
  /// - Parameters:
  ///   - context: where; the program is for its device.
  ///   - source: text in OpenCL C.
  ///   - options: as of `clBuildProgram`, for example `-D RANK=64`.
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
    self.handle = handle
    try build(options: options)
  }

  /// Loads what ``binary()`` gave, on the same device with the same driver. Bytes of another origin are refused at best and
  /// crash the driver at worst: who keeps them in files has to check them.
  ///
  /// - Parameters:
  ///   - context: where; of the same device.
  ///   - binary: the bytes.
  ///   - options: those that the source was compiled with.
  /// - Throws: ``OpenCLError/call(function:status:device:)`` or ``OpenCLError/buildFailed(device:status:options:log:)`` where
  ///   the driver does not take them.
  public init(_ context: Context, binary: [UInt8], options: String) throws(OpenCLError) {
    self.context = context
    let library = context.device.library
    var device: cl_device_id? = context.device.id
    var size = binary.count
    var binaryStatus: Int32 = 0
    var status: Int32 = 0
    let handle = binary.withUnsafeBufferPointer { bytes in
      var bytes = bytes.baseAddress
      return library.clCreateProgramWithBinary(context.handle, 1, &device, &size, &bytes, &binaryStatus, &status)
    }
    try CLStatus(rawValue: status).check("clCreateProgramWithBinary", device: context.device.name)
    guard let handle else {
      throw .call(function: "clCreateProgramWithBinary", status: .outOfHostMemory, device: context.device.name)
    }
    self.handle = handle
    try CLStatus(rawValue: binaryStatus).check("clCreateProgramWithBinary", device: context.device.name)
    try build(options: options)
  }

  private func build(options: String) throws(OpenCLError) {
    let library = context.device.library
    var device: cl_device_id? = context.device.id
    let status = CLStatus(rawValue: library.clBuildProgram(handle, 1, &device, options, nil, nil))
    if status == .success { return }
    let log = try? infoText("clGetProgramBuildInfo") {
      library.clGetProgramBuildInfo(handle, device, cl_program_build_info(CL_PROGRAM_BUILD_LOG), $0, $1, $2)
    }
    throw .buildFailed(device: context.device.name, status: status, options: options, log: log ?? "(none)")
  }

  /// What the driver compiled: machine code or an intermediate form, in a format of its own.
  ///
  /// pocl compiles every kernel once more for it, which takes as long as the first launches do.
  ///
  /// - Throws: ``OpenCLError/call(function:status:device:)`` where the driver does not give it.
  public func binary() throws(OpenCLError) -> [UInt8] {
    let library = context.device.library
    func check(_ status: Int32) throws(OpenCLError) {
      try CLStatus(rawValue: status).check("clGetProgramInfo", device: context.device.name)
    }
    // A context has one device, so that each list has one element.
    var size = 0
    try check(
      library.clGetProgramInfo(
        handle, cl_program_info(CL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &size, nil))
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBufferPointer { bytes in
      var start = bytes.baseAddress
      return library.clGetProgramInfo(
        handle, cl_program_info(CL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutablePointer<UInt8>?>.size, &start, nil)
    }
    try check(status)
    return bytes
  }

  deinit { _ = context.device.library.clReleaseProgram(handle) }
}
