import COpenCL

/// A status code of the OpenCL API, shown by its name.
public struct CLStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The code as the API returns it.
  public let rawValue: Int32

  /// Wraps a code.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// No error.
  public static let success = CLStatus(rawValue: 0)
  /// The platform has no device of the kind asked for.
  public static let deviceNotFound = CLStatus(rawValue: -1)
  /// The device is out of memory for an object.
  public static let memObjectAllocationFailure = CLStatus(rawValue: -4)
  /// The device is out of another resource; NVIDIA's driver answers so for allocations too large.
  public static let outOfResources = CLStatus(rawValue: -5)
  /// The host is out of memory.
  public static let outOfHostMemory = CLStatus(rawValue: -6)
  /// A program did not compile.
  public static let buildProgramFailure = CLStatus(rawValue: -11)
  /// The kernel's argument information was not kept by the build.
  public static let kernelArgumentInfoNotAvailable = CLStatus(rawValue: -19)
  /// A buffer of zero bytes, or larger than the device allows.
  public static let invalidBufferSize = CLStatus(rawValue: -61)
  /// The loader found no driver (`cl_khr_icd`).
  public static let platformNotFound = CLStatus(rawValue: -1001)

  private static let names: [Int32: String] = [
    0: "CL_SUCCESS", -1: "CL_DEVICE_NOT_FOUND", -2: "CL_DEVICE_NOT_AVAILABLE", -3: "CL_COMPILER_NOT_AVAILABLE",
    -4: "CL_MEM_OBJECT_ALLOCATION_FAILURE", -5: "CL_OUT_OF_RESOURCES", -6: "CL_OUT_OF_HOST_MEMORY",
    -7: "CL_PROFILING_INFO_NOT_AVAILABLE", -8: "CL_MEM_COPY_OVERLAP", -11: "CL_BUILD_PROGRAM_FAILURE",
    -12: "CL_MAP_FAILURE", -13: "CL_MISALIGNED_SUB_BUFFER_OFFSET",
    -14: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", -15: "CL_COMPILE_PROGRAM_FAILURE",
    -16: "CL_LINKER_NOT_AVAILABLE", -17: "CL_LINK_PROGRAM_FAILURE", -18: "CL_DEVICE_PARTITION_FAILED",
    -19: "CL_KERNEL_ARG_INFO_NOT_AVAILABLE", -30: "CL_INVALID_VALUE", -31: "CL_INVALID_DEVICE_TYPE",
    -32: "CL_INVALID_PLATFORM", -33: "CL_INVALID_DEVICE", -34: "CL_INVALID_CONTEXT",
    -35: "CL_INVALID_QUEUE_PROPERTIES", -36: "CL_INVALID_COMMAND_QUEUE", -37: "CL_INVALID_HOST_PTR",
    -38: "CL_INVALID_MEM_OBJECT", -42: "CL_INVALID_BINARY", -43: "CL_INVALID_BUILD_OPTIONS",
    -44: "CL_INVALID_PROGRAM", -45: "CL_INVALID_PROGRAM_EXECUTABLE", -46: "CL_INVALID_KERNEL_NAME",
    -47: "CL_INVALID_KERNEL_DEFINITION", -48: "CL_INVALID_KERNEL", -49: "CL_INVALID_ARG_INDEX",
    -50: "CL_INVALID_ARG_VALUE", -51: "CL_INVALID_ARG_SIZE", -52: "CL_INVALID_KERNEL_ARGS",
    -53: "CL_INVALID_WORK_DIMENSION", -54: "CL_INVALID_WORK_GROUP_SIZE", -55: "CL_INVALID_WORK_ITEM_SIZE",
    -56: "CL_INVALID_GLOBAL_OFFSET", -57: "CL_INVALID_EVENT_WAIT_LIST", -58: "CL_INVALID_EVENT",
    -59: "CL_INVALID_OPERATION", -61: "CL_INVALID_BUFFER_SIZE", -63: "CL_INVALID_GLOBAL_WORK_SIZE",
    -64: "CL_INVALID_PROPERTY", -66: "CL_INVALID_COMPILER_OPTIONS", -67: "CL_INVALID_LINKER_OPTIONS",
    -1001: "CL_PLATFORM_NOT_FOUND_KHR",
  ]

  /// The name in the OpenCL headers, or the number where it has none here.
  public var description: String { Self.names[rawValue] ?? "OpenCL status \(rawValue)" }

  /// Throws unless this is ``success``.
  package func check(_ function: String, device: String? = nil) throws(OpenCLError) {
    if self != .success { throw .call(function: function, status: self, device: device) }
  }
}
