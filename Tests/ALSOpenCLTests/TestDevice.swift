import ALS
import ALSOpenCL
import ALSReference
import OpenCL
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The device that the tests run on: the one with the index in GPUALS_TEST_DEVICE, or else the first CPU device (pocl) where
/// there is one, for it is the one that CI has.
enum TestDevice {
  static let found: Result<Device, any Error> = Result {
    let devices = try OpenCLLibrary.load().devices()
    if let text = getenv("GPUALS_TEST_DEVICE").map({ String(cString: $0) }) {
      guard let index = Int(text), devices.indices.contains(index) else {
        throw OpenCLError.noSuchDevice(index: Int(text) ?? -1, count: devices.count)
      }
      return devices[index]
    }
    return devices.first { $0.kind == .cpu } ?? devices[0]
  }

  /// Set where a device must be there (CI): then its absence is a failure, and not a skip.
  static let isRequired = getenv("GPUALS_REQUIRE_DEVICE") != nil

  static var device: Device? { try? found.get() }

  static var absence: Comment {
    if case .failure(let error) = found {
      print("NO OPENCL DEVICE: device suites are skipped. \(error)")
    }
    return "no OpenCL device on this machine"
  }
}

/// The backends that keep the contract: the reference, both kernel families on the test device, and the device twice with one of
/// them each, as a group.
enum BackendUnderTest: String, CaseIterable, CustomTestStringConvertible {
  case reference, cpu, gpu, group

  var testDescription: String { rawValue }

  static var available: [BackendUnderTest] { TestDevice.device == nil ? [.reference] : allCases }
  static var devices: [BackendUnderTest] { TestDevice.device == nil ? [] : [.cpu, .gpu] }

  func make() throws -> any Backend {
    switch self {
    case .reference: ReferenceBackend()
    case .cpu: try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: .cpu)
    case .gpu: try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: .gpu)
    case .group:
      DeviceGroup(
        try KernelFamily.allCases.map { try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: $0) })
    }
  }
}

struct DevicePresenceTests {
  @Test func `there is a device where one is required`() throws {
    if TestDevice.isRequired { _ = try TestDevice.found.get() }
  }
}
