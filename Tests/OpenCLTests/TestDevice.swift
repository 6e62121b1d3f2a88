import OpenCL
import Testing

/// The device that the tests run on: the first CPU device (pocl) where there is one, for it is the one that CI has.
enum TestDevice {
  static let found: Result<Device, any Error> = Result {
    let devices = try OpenCLLibrary.load().devices()
    return devices.first { $0.kind == .cpu } ?? devices[0]
  }

  static var device: Device? { try? found.get() }

  static var absence: Comment {
    if case .failure(let error) = found {
      print("NO OPENCL DEVICE: device suites are skipped. \(error)")
    }
    return "no OpenCL device on this machine"
  }

  /// A context of its own on the test device, and a queue.
  static func open(profile: CommandProfile? = nil) throws -> (context: Context, queue: CommandQueue) {
    let context = try Context(device: found.get(), profile: profile)
    return (context, try CommandQueue(context))
  }
}
