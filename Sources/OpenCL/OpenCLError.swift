/// What can go wrong between the program and an OpenCL device. Cases are facts; ``description`` words them.
public enum OpenCLError: Error, Sendable, Equatable {
  /// No OpenCL loader on this machine. `reasons` holds what the dynamic linker said of each name tried.
  case libraryNotFound(reasons: [String])
  /// The library lacks a function of OpenCL 1.2.
  case functionMissing(name: String, library: String)
  /// The loader knows no working driver.
  case noPlatforms
  /// There are drivers, but none has a device.
  case noDevices(platforms: [String])
  /// No device has this index.
  case noSuchDevice(index: Int, count: Int)
  /// A call failed.
  case call(function: String, status: CLStatus, device: String?)
  /// A program did not compile.
  case buildFailed(device: String, status: CLStatus, options: String, log: String)
  /// A single buffer is larger than the device allows.
  case bufferTooLarge(what: String, bytes: UInt64, limit: UInt64, device: String)
  /// All buffers together are larger than the device's memory.
  case outOfDeviceMemory(what: String, bytes: UInt64, inUse: UInt64, total: UInt64, device: String)
  /// Swift and OpenCL disagree about the arguments of a kernel.
  case kernelSignature(kernel: String, expected: String, found: String)
  /// The device's limits do not admit a work-group of this size for this kernel.
  case workGroupTooLarge(kernel: String, size: Int, limit: Int, device: String)
}

extension OpenCLError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .libraryNotFound(let reasons):
      return "no OpenCL library on this machine (\(reasons.joined(separator: "; "))). \(Self.installAdvice)"
    case .functionMissing(let name, let library):
      return "\(library) has no function \(name): gpuals needs an OpenCL 1.2 loader. \(Self.installAdvice)"
    case .noPlatforms:
      return "the OpenCL loader found no working driver (CL_PLATFORM_NOT_FOUND_KHR). \(Self.installAdvice)"
    case .noDevices(let platforms):
      return
        "the OpenCL drivers (\(platforms.joined(separator: ", "))) offer no device. With pocl this happens when its kernel"
        + " cache directory cannot be written: set POCL_CACHE_DIR to one that can. \(Self.installAdvice)"
    case .noSuchDevice(let index, let count):
      return "there is no OpenCL device \(index): "
        + (count == 0 ? "none was found" : count == 1 ? "the only one is 0" : "they are 0 to \(count - 1)")
        + ". `gpuals devices` lists them"
    case .call(let function, let status, let device):
      return "OpenCL \(function) failed: \(status)" + (device.map { " on \($0)" } ?? "")
        + Self.advice(for: status, in: function)
    case .buildFailed(let device, let status, let options, let log):
      return "OpenCL clBuildProgram failed: \(status) on \(device), options: \(options), log: \(log)"
    case .bufferTooLarge(let what, let bytes, let limit, let device):
      return
        "\(what) takes \(Self.gibibytes(bytes)), more than the \(Self.gibibytes(limit)) that \(device) allows for one buffer:"
        + " use a device with more memory, fewer ratings, or a lower --rank"
    case .outOfDeviceMemory(let what, let bytes, let inUse, let total, let device):
      return
        "\(what) takes \(Self.gibibytes(bytes)) beside \(Self.gibibytes(inUse)) in use, more than the"
        + " \(Self.gibibytes(total)) of \(device): use a device with more memory, fewer ratings, or a lower --rank"
    case .kernelSignature(let kernel, let expected, let found):
      return "kernel \(kernel) takes (\(found)), but is called with (\(expected)): a fault of gpuals, please report it"
    case .workGroupTooLarge(let kernel, let size, let limit, let device):
      return
        "kernel \(kernel) needs work-groups of \(size), \(device) allows \(limit): try a lower --rank or another --device"
    }
  }

  /// What to do on a machine without a usable driver.
  public static let installAdvice =
    "On Debian or Ubuntu `apt-get install ocl-icd-libopencl1 pocl-opencl-icd` brings a loader and a driver for the CPU; a"
    + " GPU needs its vendor's driver"

  private static func advice(for status: CLStatus, in function: String) -> String {
    switch status {
    case .memObjectAllocationFailure, .outOfHostMemory:
      return ": out of memory; use a device with more, fewer ratings, or a lower --rank"
    case .outOfResources:
      // Drivers allocate late, and NVIDIA's also answers so when it has stopped a kernel.
      let allocates = ["clCreateBuffer", "clEnqueueWriteBuffer", "clEnqueueFillBuffer"].contains {
        function.hasPrefix($0)
      }
      return allocates
        ? ": out of memory; use a device with more, fewer ratings, or a lower --rank"
        : ": the driver ran out of a resource or stopped a kernel; `gpuals doctor` tries the device on a small problem"
    default: return ""
    }
  }

  private static func gibibytes(_ bytes: UInt64) -> String {
    let hundredths = (bytes * 100 + (1 << 29)) >> 30
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) GiB"
  }
}
