import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct DeviceMemoryTests {
  @Test func `the bytes of living buffers are counted, and the peak is kept`() throws {
    let (context, _) = try TestDevice.open()
    #expect(context.bytesInUse == 0 && context.peakBytes == 0)
    do {
      let floats = try Buffer<Float>(context, count: 1000, what: "floats")
      #expect(context.bytesInUse == 4000)
      do {
        let longs = try Buffer<Int64>(context, count: 500, what: "longs")
        #expect(context.bytesInUse == 8000)
        withExtendedLifetime(longs) {}
      }
      #expect(context.bytesInUse == 4000)
      withExtendedLifetime(floats) {}
    }
    #expect(context.bytesInUse == 0)
    #expect(context.peakBytes == 8000)
  }

  @Test func `an empty buffer takes one element`() throws {
    let (context, _) = try TestDevice.open()
    let buffer = try Buffer<Int64>(context, count: 0, what: "nothing")
    #expect(context.bytesInUse == 8)
    withExtendedLifetime(buffer) {}
  }

  @Test func `a buffer larger than the device allows for one is refused by name`() throws {
    let (context, _) = try TestDevice.open()
    let limit = context.device.maxAllocationBytes
    let count = Int(limit / 4 + 1)
    let error = #expect(throws: OpenCLError.self) { try Buffer<Float>(context, count: count, what: "the ratings") }
    #expect(
      error
        == .bufferTooLarge(what: "the ratings", bytes: UInt64(count) * 4, limit: limit, device: context.device.name))
    #expect(context.bytesInUse == 0 && context.peakBytes == 0)
  }

  @Test func `buffers larger together than the memory are refused, and those before them stay`() throws {
    // pocl gives memory out only when it is touched, so that these allocations cost nothing. Where a driver cannot allow
    // as much as it says, its own error ends the test.
    let (context, queue) = try TestDevice.open()
    let device = context.device
    let chunk = Int(min(device.maxAllocationBytes, device.globalMemoryBytes / 2) / 4)
    let chunkBytes = UInt64(chunk) * 4
    let first = try Buffer<Float>(context, count: 3, what: "the first")
    try queue.write([1, 2, 3], to: first)
    var held: [Buffer<Float>] = []
    var failure: OpenCLError?
    while failure == nil && held.count < 100 {
      do throws(OpenCLError) {
        held.append(try Buffer(context, count: chunk, what: "chunk \(held.count)"))
      } catch {
        failure = error
      }
    }
    let inUse = 12 + UInt64(held.count) * chunkBytes
    #expect(
      failure
        == .outOfDeviceMemory(
          what: "chunk \(held.count)", bytes: chunkBytes, inUse: inUse, total: device.globalMemoryBytes,
          device: device.name))
    #expect(context.bytesInUse == inUse)
    #expect(inUse + chunkBytes > device.globalMemoryBytes)
    #expect(try queue.read(first) == [1, 2, 3])
    held = []
    #expect(context.bytesInUse == 12)
    #expect(context.peakBytes == inUse)
  }

  @Test func `contexts count their memory apart`() throws {
    let (one, _) = try TestDevice.open()
    let (other, _) = try TestDevice.open()
    let buffer = try Buffer<Float>(one, count: 10, what: "floats")
    #expect(one.bytesInUse == 40 && other.bytesInUse == 0)
    withExtendedLifetime(buffer) {}
  }
}
