import COpenCL

/// An OpenCL device and the limits that decide how kernels are shaped for it.
///
/// `@unchecked Sendable` holds because the `cl_device_id` of a root device is an immutable handle that is never released.
public struct Device: @unchecked Sendable {
  let id: cl_device_id
  /// The driver that it belongs to.
  public let platform: Platform
  /// For example "NVIDIA H200".
  public let name: String
  /// Who made it.
  public let vendor: String
  /// The OpenCL version that it speaks, for example "OpenCL 3.0 CUDA".
  public let version: String
  /// The version of its driver.
  public let driverVersion: String
  /// CPU, GPU or another kind. A device that claims several is taken for the first of GPU, accelerator, CPU.
  public let kind: DeviceKind
  /// Size of its memory. pocl's value follows the machine's memory and may change between runs.
  public let globalMemoryBytes: UInt64
  /// Size of a work-group's local memory.
  public let localMemoryBytes: UInt64
  /// The largest single buffer.
  public let maxAllocationBytes: UInt64
  /// What a part of a buffer may start at a multiple of, in bytes (`CL_DEVICE_MEM_BASE_ADDR_ALIGN`).
  public let partAlignmentBytes: Int
  /// Number of cores or multiprocessors.
  public let computeUnits: Int
  /// The largest work-group of any kernel.
  public let maxWorkGroupSize: Int
  /// Whether it shares the host's memory, as integrated GPUs and CPUs do.
  public let sharesHostMemory: Bool
  /// Whether its driver can compile programs: without, nothing runs there.
  public let hasCompiler: Bool

  var library: OpenCLLibrary { platform.library }

  /// Whether its memory is the host's.
  public var isInHostMemory: Bool { kind == .cpu || sharesHostMemory }

  init(id: cl_device_id, platform: Platform) throws(OpenCLError) {
    self.id = id
    self.platform = platform
    let library = platform.library
    func text(_ parameter: Int32) throws(OpenCLError) -> String {
      try infoText("clGetDeviceInfo") { library.clGetDeviceInfo(id, cl_device_info(parameter), $0, $1, $2) }
    }
    func value<Value: BitwiseCopyable>(_ parameter: Int32, _ initial: Value) throws(OpenCLError) -> Value {
      var value = initial
      let status = library.clGetDeviceInfo(id, cl_device_info(parameter), MemoryLayout<Value>.size, &value, nil)
      try CLStatus(rawValue: status).check("clGetDeviceInfo", device: platform.name)
      return value
    }
    name = try text(CL_DEVICE_NAME)
    vendor = try text(CL_DEVICE_VENDOR)
    version = try text(CL_DEVICE_VERSION)
    driverVersion = try text(CL_DRIVER_VERSION)
    let kinds = try value(CL_DEVICE_TYPE, cl_device_type(0))
    kind = kinds & 4 != 0 ? .gpu : kinds & 8 != 0 ? .accelerator : kinds & 2 != 0 ? .cpu : .other
    globalMemoryBytes = try value(CL_DEVICE_GLOBAL_MEM_SIZE, UInt64(0))
    localMemoryBytes = try value(CL_DEVICE_LOCAL_MEM_SIZE, UInt64(0))
    maxAllocationBytes = try value(CL_DEVICE_MAX_MEM_ALLOC_SIZE, UInt64(0))
    partAlignmentBytes = max(1, Int(try value(CL_DEVICE_MEM_BASE_ADDR_ALIGN, UInt32(0))) / 8)
    computeUnits = Int(try value(CL_DEVICE_MAX_COMPUTE_UNITS, UInt32(0)))
    maxWorkGroupSize = try value(CL_DEVICE_MAX_WORK_GROUP_SIZE, 0)
    sharesHostMemory = try value(CL_DEVICE_HOST_UNIFIED_MEMORY, UInt32(0)) != 0
    hasCompiler = try value(CL_DEVICE_COMPILER_AVAILABLE, UInt32(0)) != 0
  }
}

extension [Device] {
  /// The device to use where the user has not chosen, among those that can compile: a GPU before a CPU before anything else, a
  /// GPU with memory of its own before one without, then the one with more memory, then with more compute units, then the
  /// first. (Compute units come last, for makers count them differently.)
  public func best() -> Device? {
    func score(_ device: Device) -> (Int, Int, UInt64, Int) {
      let kind =
        switch device.kind {
        case .gpu: 3
        case .cpu: 2
        case .accelerator: 1
        case .other: 0
        }
      return (kind, device.sharesHostMemory ? 0 : 1, device.globalMemoryBytes, device.computeUnits)
    }
    return self.filter(\.hasCompiler).reversed().max { score($0) < score($1) }
  }
}
