import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct DeviceTests {
  @Test func `every device says what it is and what it allows`() throws {
    let library = try OpenCLLibrary.load()
    #expect(!library.path.isEmpty)
    let devices = try library.devices()
    #expect(!devices.isEmpty)
    for device in devices {
      #expect(!device.name.isEmpty && !device.vendor.isEmpty && !device.driverVersion.isEmpty)
      #expect(device.version.hasPrefix("OpenCL "))
      #expect(!device.platform.name.isEmpty && device.platform.version.hasPrefix("OpenCL "))
      #expect(device.computeUnits >= 1 && device.maxWorkGroupSize >= 1)
      #expect(device.localMemoryBytes >= 1 << 10)
      #expect(device.maxAllocationBytes >= 1 << 20 && device.maxAllocationBytes <= device.globalMemoryBytes)
    }
  }

  @Test func `the devices of the library are those of its platforms, in order`() throws {
    let library = try OpenCLLibrary.load()
    let names = try library.platforms().flatMap { try $0.devices().map(\.name) }
    #expect(try library.devices().map(\.name) == names)
  }

  @Test func `the best of the devices is a GPU if there is one`() throws {
    let devices = try OpenCLLibrary.load().devices()
    let best = try #require(devices.best())
    if devices.contains(where: { $0.kind == .gpu }) { #expect(best.kind == .gpu) }
    let peers = devices.filter { $0.kind == best.kind }
    #expect(peers.allSatisfy { $0.computeUnits <= best.computeUnits })
    #expect([Device]().best() == nil)
  }
}
