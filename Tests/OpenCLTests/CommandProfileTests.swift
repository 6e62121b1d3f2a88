import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct CommandProfileTests {
  private static let source = """
    __kernel void twice(__global float *x) { x[get_global_id(0)] *= 2.0f; }
    __kernel void halve(__global float *x) { x[get_global_id(0)] *= 0.5f; }
    """

  /// Writes, runs three kernels and reads, on a queue of the context.
  private func work(_ context: Context) throws {
    let queue = try CommandQueue(context)
    let program = try Program(context, source: Self.source, options: "")
    let twice = try Kernel<Buffer<Float>>(program, "twice")
    let halve = try Kernel<Buffer<Float>>(program, "halve")
    let buffer = try Buffer<Float>(context, count: 64, what: "x")
    try queue.write([Float](repeating: 1, count: 64), to: buffer)
    try twice.enqueue(on: queue, groups: 4, groupSize: 16, buffer)
    try halve.enqueue(on: queue, groups: 4, groupSize: 16, buffer)
    try twice.enqueue(on: queue, groups: 4, groupSize: 16, buffer)
    #expect(try queue.read(buffer) == [Float](repeating: 2, count: 64))
  }

  @Test func `a profile adds up commands by name, in the order of their first appearance`() throws {
    let profile = CommandProfile()
    let (context, _) = try TestDevice.open(profile: profile)
    try work(context)
    let times = try profile.take()
    #expect(times.map(\.name) == ["write", "twice", "halve", "read"])
    #expect(times.map(\.count) == [1, 2, 1, 1])
    #expect(times.map(\.bytes) == [256, 0, 0, 256])
    #expect(times.allSatisfy { $0.seconds >= 0 && $0.seconds < 60 })
  }

  @Test func `what was taken from a profile is not in it any more`() throws {
    let profile = CommandProfile()
    let (context, _) = try TestDevice.open(profile: profile)
    try work(context)
    _ = try profile.take()
    #expect(try profile.take().isEmpty)
  }

  @Test func `without a profile commands run as ever, and tell no times`() throws {
    let (context, queue) = try TestDevice.open()
    try work(context)
    let buffer = try Buffer<Float>(context, count: 1, what: "x")
    try queue.fill(buffer, with: 1)
    let kernel = try Kernel<Buffer<Float>>(Program(context, source: Self.source, options: ""), "twice")
    let event = try #require(try kernel.enqueue(on: queue, groups: 1, groupSize: 1, buffer))
    try event.wait()
    #expect(throws: OpenCLError.self) { try event.seconds() }
  }
}
