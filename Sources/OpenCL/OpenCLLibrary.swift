import COpenCL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The OpenCL library of this machine, opened at run time: a program that uses it starts on machines without one.
///
/// `@unchecked Sendable` holds because every property is set once, and the functions may be called from any thread, with the
/// exception of `clSetKernelArg` on one kernel, which ``Kernel`` keeps to one caller at a time.
public final class OpenCLLibrary: @unchecked Sendable {
  /// The name under which the library was found.
  public let path: String

  let clGetPlatformIDs: clGetPlatformIDs_pointer
  let clGetPlatformInfo: clGetPlatformInfo_pointer
  let clGetDeviceIDs: clGetDeviceIDs_pointer
  let clGetDeviceInfo: clGetDeviceInfo_pointer
  let clCreateContext: clCreateContext_pointer
  let clReleaseContext: clReleaseContext_pointer
  let clCreateCommandQueue: clCreateCommandQueue_pointer
  let clReleaseCommandQueue: clReleaseCommandQueue_pointer
  let clFinish: clFinish_pointer
  let clFlush: clFlush_pointer
  let clCreateBuffer: clCreateBuffer_pointer
  let clCreateSubBuffer: clCreateSubBuffer_pointer
  let clReleaseMemObject: clReleaseMemObject_pointer
  let clEnqueueReadBuffer: clEnqueueReadBuffer_pointer
  let clEnqueueWriteBuffer: clEnqueueWriteBuffer_pointer
  let clEnqueueFillBuffer: clEnqueueFillBuffer_pointer
  let clEnqueueMarkerWithWaitList: clEnqueueMarkerWithWaitList_pointer
  let clEnqueueBarrierWithWaitList: clEnqueueBarrierWithWaitList_pointer
  let clEnqueueNDRangeKernel: clEnqueueNDRangeKernel_pointer
  let clCreateProgramWithSource: clCreateProgramWithSource_pointer
  let clCreateProgramWithBinary: clCreateProgramWithBinary_pointer
  let clReleaseProgram: clReleaseProgram_pointer
  let clBuildProgram: clBuildProgram_pointer
  let clGetProgramInfo: clGetProgramInfo_pointer
  let clGetProgramBuildInfo: clGetProgramBuildInfo_pointer
  let clCreateKernel: clCreateKernel_pointer
  let clReleaseKernel: clReleaseKernel_pointer
  let clSetKernelArg: clSetKernelArg_pointer
  let clGetKernelInfo: clGetKernelInfo_pointer
  let clGetKernelArgInfo: clGetKernelArgInfo_pointer
  let clGetKernelWorkGroupInfo: clGetKernelWorkGroupInfo_pointer
  let clReleaseEvent: clReleaseEvent_pointer
  let clWaitForEvents: clWaitForEvents_pointer
  let clGetEventProfilingInfo: clGetEventProfilingInfo_pointer

  /// Environment variable that names another library to open, for a loader in an unusual place.
  public static let pathVariable = "GPUALS_OPENCL_LIBRARY"

  /// Opens the library, and looks up its functions.
  ///
  /// - Throws: ``OpenCLError/libraryNotFound(reasons:)``, ``OpenCLError/functionMissing(name:library:)``.
  public static func load() throws(OpenCLError) -> OpenCLLibrary {
    #if canImport(Darwin)
      var candidates = ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
    #else
      var candidates = ["libOpenCL.so.1", "libOpenCL.so"]
    #endif
    if let named = getenv(pathVariable) { candidates = [String(cString: named)] }
    var reasons: [String] = []
    for candidate in candidates {
      // The handle stays open for the life of the process: drivers do not survive being unloaded.
      if let handle = dlopen(candidate, RTLD_NOW | RTLD_LOCAL) {
        return try OpenCLLibrary(handle: handle, path: candidate)
      }
      if let reason = dlerror() { reasons.append(String(cString: reason)) }
    }
    throw .libraryNotFound(reasons: reasons)
  }

  private init(handle: UnsafeMutableRawPointer, path: String) throws(OpenCLError) {
    self.path = path
    clGetPlatformIDs = try Self.function("clGetPlatformIDs", in: handle, path)
    clGetPlatformInfo = try Self.function("clGetPlatformInfo", in: handle, path)
    clGetDeviceIDs = try Self.function("clGetDeviceIDs", in: handle, path)
    clGetDeviceInfo = try Self.function("clGetDeviceInfo", in: handle, path)
    clCreateContext = try Self.function("clCreateContext", in: handle, path)
    clReleaseContext = try Self.function("clReleaseContext", in: handle, path)
    clCreateCommandQueue = try Self.function("clCreateCommandQueue", in: handle, path)
    clReleaseCommandQueue = try Self.function("clReleaseCommandQueue", in: handle, path)
    clFinish = try Self.function("clFinish", in: handle, path)
    clFlush = try Self.function("clFlush", in: handle, path)
    clCreateBuffer = try Self.function("clCreateBuffer", in: handle, path)
    clCreateSubBuffer = try Self.function("clCreateSubBuffer", in: handle, path)
    clReleaseMemObject = try Self.function("clReleaseMemObject", in: handle, path)
    clEnqueueReadBuffer = try Self.function("clEnqueueReadBuffer", in: handle, path)
    clEnqueueWriteBuffer = try Self.function("clEnqueueWriteBuffer", in: handle, path)
    clEnqueueFillBuffer = try Self.function("clEnqueueFillBuffer", in: handle, path)
    clEnqueueMarkerWithWaitList = try Self.function("clEnqueueMarkerWithWaitList", in: handle, path)
    clEnqueueBarrierWithWaitList = try Self.function("clEnqueueBarrierWithWaitList", in: handle, path)
    clEnqueueNDRangeKernel = try Self.function("clEnqueueNDRangeKernel", in: handle, path)
    clCreateProgramWithSource = try Self.function("clCreateProgramWithSource", in: handle, path)
    clCreateProgramWithBinary = try Self.function("clCreateProgramWithBinary", in: handle, path)
    clReleaseProgram = try Self.function("clReleaseProgram", in: handle, path)
    clBuildProgram = try Self.function("clBuildProgram", in: handle, path)
    clGetProgramInfo = try Self.function("clGetProgramInfo", in: handle, path)
    clGetProgramBuildInfo = try Self.function("clGetProgramBuildInfo", in: handle, path)
    clCreateKernel = try Self.function("clCreateKernel", in: handle, path)
    clReleaseKernel = try Self.function("clReleaseKernel", in: handle, path)
    clSetKernelArg = try Self.function("clSetKernelArg", in: handle, path)
    clGetKernelInfo = try Self.function("clGetKernelInfo", in: handle, path)
    clGetKernelArgInfo = try Self.function("clGetKernelArgInfo", in: handle, path)
    clGetKernelWorkGroupInfo = try Self.function("clGetKernelWorkGroupInfo", in: handle, path)
    clReleaseEvent = try Self.function("clReleaseEvent", in: handle, path)
    clWaitForEvents = try Self.function("clWaitForEvents", in: handle, path)
    clGetEventProfilingInfo = try Self.function("clGetEventProfilingInfo", in: handle, path)
  }

  private static func function<Function>(_ name: String, in handle: UnsafeMutableRawPointer, _ library: String)
    throws(OpenCLError) -> Function
  {
    guard let symbol = dlsym(handle, name) else { throw .functionMissing(name: name, library: library) }
    return unsafeBitCast(symbol, to: Function.self)
  }

  /// All platforms, in the loader's order.
  ///
  /// - Throws: ``OpenCLError/noPlatforms`` if there are none.
  public func platforms() throws(OpenCLError) -> [Platform] {
    var count: UInt32 = 0
    let status = CLStatus(rawValue: clGetPlatformIDs(0, nil, &count))
    if status == .platformNotFound || (status == .success && count == 0) { throw .noPlatforms }
    try status.check("clGetPlatformIDs")
    var ids = [cl_platform_id?](repeating: nil, count: Int(count))
    try CLStatus(rawValue: clGetPlatformIDs(count, &ids, nil)).check("clGetPlatformIDs")
    var platforms: [Platform] = []
    for case let id? in ids { platforms.append(try Platform(id: id, library: self)) }
    return platforms
  }

  /// The devices of all platforms, in the loader's order: the index of a device is its position here.
  ///
  /// - Throws: ``OpenCLError/noPlatforms``, or ``OpenCLError/noDevices(platforms:)`` if there is none.
  public func devices() throws(OpenCLError) -> [Device] {
    let platforms = try platforms()
    var devices: [Device] = []
    for platform in platforms { devices += try platform.devices() }
    if devices.isEmpty { throw .noDevices(platforms: platforms.map(\.name)) }
    return devices
  }
}
