import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct ProgramTests {
  @Test func `a program that does not compile is an error with the compiler's log`() throws {
    let (context, _) = try TestDevice.open()
    let source = "__kernel void broken(__global float *a) { a[0] = undeclared_name; }"
    let error = #expect(throws: OpenCLError.self) { try Program(context, source: source, options: "-D RANK=3") }
    guard case .buildFailed(let device, let status, let options, let log) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(device == context.device.name)
    #expect(status == .buildProgramFailure)
    #expect(options == "-D RANK=3")
    #expect(log.contains("undeclared_name"))
    let description = error?.description ?? ""
    for word in ["clBuildProgram", "CL_BUILD_PROGRAM_FAILURE", device, "-D RANK=3", "undeclared_name"] {
      #expect(description.contains(word))
    }
  }

  @Test func `options define what the source asks for`() throws {
    let (context, queue) = try TestDevice.open()
    let source = "__kernel void answer(__global int *out) { out[0] = ANSWER; }"
    let out = try Buffer<Int32>(context, count: 1, what: "out")
    for answer in [Int32(42), -1] {
      let program = try Program(context, source: source, options: "-D ANSWER=\(answer)")
      try Kernel<Buffer<Int32>>(program, "answer").enqueue(on: queue, groups: 1, groupSize: 1, out)
      #expect(try queue.read(out) == [answer])
    }
    #expect(throws: OpenCLError.self) { try Program(context, source: source, options: "") }
  }
}
