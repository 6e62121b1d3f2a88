import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct KernelTests {
  private typealias AddKernel = Kernel<Buffer<Float>, Buffer<Float>, Buffer<Float>, UInt32, Float>

  private static let source = """
    __kernel void add(__global const float *a, __global const float *b, __global float *sum, uint count, float scale) {
      size_t i = get_global_id(0);
      if (i < count) sum[i] = scale * (a[i] + b[i]);
    }
    __kernel void pack(__global long *out, int a, ulong b, __global const uint *c) {
      out[0] = a;
      out[1] = (long)b;
      out[2] = c[0];
    }
    __kernel void group_sizes(__global uint *sizes) {
      sizes[get_global_id(0)] = (uint)(get_group_id(0) * 1000 + get_local_size(0));
    }
    """

  private func program(_ context: Context, options: String = "") throws -> Program {
    try Program(context, source: Self.source, options: options)
  }

  @Test func `a kernel adds two vectors, and its event tells how long it took`() throws {
    let (context, queue) = try TestDevice.open(profile: CommandProfile())
    let count = 1000
    let a = try Buffer<Float>(context, count: count, what: "a")
    let b = try Buffer<Float>(context, count: count, what: "b")
    let sum = try Buffer<Float>(context, count: count, what: "sum")
    try queue.write((0..<count).map { Float($0) }, to: a)
    try queue.write((0..<count).map { Float(2 * $0) }, to: b)
    let kernel = try AddKernel(program(context), "add")
    // The range is longer than the vectors.
    let event = try #require(
      try kernel.enqueue(on: queue, groups: 63, groupSize: 16, a, b, sum, UInt32(count), 0.5))
    try event.wait()
    let seconds = try event.seconds()
    #expect(seconds >= 0 && seconds < 60)
    #expect(try queue.read(sum) == (0..<count).map { Float(3 * $0) * 0.5 })
  }

  @Test func `arguments of every scalar type arrive`() throws {
    let (context, queue) = try TestDevice.open()
    let out = try Buffer<Int64>(context, count: 3, what: "out")
    let c = try Buffer<UInt32>(context, count: 1, what: "c")
    try queue.write([4_000_000_000], to: c)
    let kernel = try Kernel<Buffer<Int64>, Int32, UInt64, Buffer<UInt32>>(program(context), "pack")
    try kernel.enqueue(on: queue, groups: 1, groupSize: 1, out, -7, 1 << 40, c)
    try queue.finish()
    #expect(try queue.read(out) == [-7, 1 << 40, 4_000_000_000])
  }

  @Test func `groups and their size are as asked for`() throws {
    let (context, queue) = try TestDevice.open()
    let sizes = try Buffer<UInt32>(context, count: 12, what: "sizes")
    try Kernel<Buffer<UInt32>>(program(context), "group_sizes").enqueue(on: queue, groups: 3, groupSize: 4, sizes)
    #expect(try queue.read(sizes) == [4, 4, 4, 4, 1004, 1004, 1004, 1004, 2004, 2004, 2004, 2004])
  }

  @Test func `no groups enqueue nothing`() throws {
    let (context, queue) = try TestDevice.open()
    let sizes = try Buffer<UInt32>(context, count: 1, what: "sizes")
    try queue.fill(sizes, with: 5)
    let event = try Kernel<Buffer<UInt32>>(program(context), "group_sizes")
      .enqueue(on: queue, groups: 0, groupSize: 1, sizes)
    #expect(event == nil)
    #expect(try queue.read(sizes) == [5])
  }

  @Test func `a kernel that the program lacks is refused by name`() throws {
    let (context, _) = try TestDevice.open()
    let error = #expect(throws: OpenCLError.self) { try AddKernel(program(context), "subtract") }
    guard case .call(let function, let status, let device) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(function.contains("clCreateKernel") && function.contains("subtract"))
    #expect(status.description == "CL_INVALID_KERNEL_NAME")
    #expect(device == context.device.name)
  }

  @Test func `a kernel with another number of arguments is refused`() throws {
    let (context, _) = try TestDevice.open()
    let error = #expect(throws: OpenCLError.self) { try Kernel<Buffer<Float>, UInt32>(program(context), "add") }
    #expect(
      error == .kernelSignature(kernel: "add", expected: "global float*, private uint", found: "5 arguments"))
  }

  @Test func `a signature check passes where types agree`() throws {
    let (context, _) = try TestDevice.open()
    let program = try program(context, options: "-cl-kernel-arg-info")
    try AddKernel(program, "add").checkSignature()
    try Kernel<Buffer<Int64>, Int32, UInt64, Buffer<UInt32>>(program, "pack").checkSignature()
  }

  @Test func `a signature check catches an argument of another type`() throws {
    let (context, _) = try TestDevice.open()
    let program = try program(context, options: "-cl-kernel-arg-info")
    let found = "global float*, global float*, global float*, private uint, private float"
    let element = try Kernel<Buffer<Float>, Buffer<Int32>, Buffer<Float>, UInt32, Float>(program, "add")
    #expect(
      throws: OpenCLError.kernelSignature(
        kernel: "add", expected: "global float*, global int*, global float*, private uint, private float", found: found)
    ) { try element.checkSignature() }
    let scalar = try Kernel<Buffer<Float>, Buffer<Float>, Buffer<Float>, UInt64, Float>(program, "add")
    #expect(throws: OpenCLError.self) { try scalar.checkSignature() }
    let space = try Kernel<Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<UInt32>, Float>(program, "add")
    #expect(throws: OpenCLError.self) { try space.checkSignature() }
  }

  @Test func `a work-group larger than the device allows is refused`() throws {
    let (context, queue) = try TestDevice.open()
    let sizes = try Buffer<UInt32>(context, count: 1, what: "sizes")
    let kernel = try Kernel<Buffer<UInt32>>(program(context), "group_sizes")
    let size = context.device.maxWorkGroupSize + 1
    let error = #expect(throws: OpenCLError.self) { try kernel.enqueue(on: queue, groups: 1, groupSize: size, sizes) }
    guard case .workGroupTooLarge("group_sizes", size, let limit, context.device.name) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(limit >= 1 && limit < size)
  }
}
