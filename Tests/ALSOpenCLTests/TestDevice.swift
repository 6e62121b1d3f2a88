import ALS
import ALSOpenCL
import ALSReference
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
}

/// The backends that keep the contract: the reference, and both kernel families on the test device.
enum BackendUnderTest: String, CaseIterable, CustomTestStringConvertible {
  case reference, cpu, gpu

  var testDescription: String { rawValue }

  static var available: [BackendUnderTest] { TestDevice.device == nil ? [.reference] : allCases }
  static var devices: [BackendUnderTest] { TestDevice.device == nil ? [] : [.cpu, .gpu] }

  func make() throws -> any Backend {
    switch self {
    case .reference: ReferenceBackend()
    case .cpu: try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: .cpu)
    case .gpu: try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: .gpu)
    }
  }
}
