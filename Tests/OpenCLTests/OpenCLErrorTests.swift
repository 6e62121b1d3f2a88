import OpenCL
import Testing

struct OpenCLErrorTests {
  private static let install = "apt-get install ocl-icd-libopencl1 pocl-opencl-icd"

  @Test(arguments: [
    (
      error: OpenCLError.libraryNotFound(reasons: ["libOpenCL.so.1: no file"]),
      words: ["libOpenCL.so.1: no file", install]
    ),
    (.functionMissing(name: "clFinish", library: "libOpenCL.so"), ["libOpenCL.so", "clFinish", "1.2", install]),
    (.noPlatforms, ["no working driver", "CL_PLATFORM_NOT_FOUND_KHR", install]),
    (
      .noDevices(platforms: ["Portable Computing Language", "X"]),
      ["Portable Computing Language, X", "POCL_CACHE_DIR", install]
    ),
    (.noSuchDevice(index: 3, count: 0), ["no OpenCL device 3", "none was found", "gpuals devices"]),
    (.noSuchDevice(index: 3, count: 1), ["the only one is 0", "gpuals devices"]),
    (.noSuchDevice(index: -1, count: 3), ["no OpenCL device -1", "0 to 2", "gpuals devices"]),
    (
      .call(function: "clEnqueueWriteBuffer", status: .outOfResources, device: "NVIDIA H200"),
      [
        "OpenCL clEnqueueWriteBuffer failed: CL_OUT_OF_RESOURCES on NVIDIA H200", "out of memory", "lower --rank",
      ]
    ),
    (
      .call(function: "clEnqueueReadBuffer", status: .outOfResources, device: "NVIDIA H200"),
      ["CL_OUT_OF_RESOURCES on NVIDIA H200", "stopped a kernel", "gpuals doctor"]
    ),
    (
      .call(function: "clCreateBuffer", status: .memObjectAllocationFailure, device: nil),
      ["CL_MEM_OBJECT_ALLOCATION_FAILURE", "fewer ratings"]
    ),
    (
      .buildFailed(device: "a GPU", status: .buildProgramFailure, options: "-D RANK=4", log: "line 3: error"),
      ["clBuildProgram", "CL_BUILD_PROGRAM_FAILURE on a GPU", "-D RANK=4", "log: line 3: error"]
    ),
    (
      .bufferTooLarge(what: "the ratings", bytes: 5 << 30, limit: 1 << 30, device: "a GPU"),
      ["the ratings takes 5.00 GiB", "1.00 GiB", "a GPU", "lower --rank"]
    ),
    (
      .outOfDeviceMemory(what: "the factors", bytes: 3 << 29, inUse: 1 << 27, total: 1 << 30, device: "a GPU"),
      ["the factors takes 1.50 GiB", "0.13 GiB in use", "1.00 GiB of a GPU", "more memory"]
    ),
    (
      .kernelSignature(kernel: "add", expected: "private uint", found: "private float"),
      ["kernel add takes (private float)", "called with (private uint)", "report"]
    ),
    (
      .workGroupTooLarge(kernel: "add", size: 512, limit: 256, device: "a GPU"),
      ["work-groups of 512", "a GPU allows 256", "lower --rank", "--device"]
    ),
  ])
  func `a message says what, where and what to do`(expected: (error: OpenCLError, words: [String])) {
    for word in expected.words { #expect(expected.error.description.contains(word), "\(expected.error)") }
  }

  @Test func `a failed call that is not about memory gives no advice about memory`() {
    let error = OpenCLError.call(function: "clSetKernelArg (add)", status: CLStatus(rawValue: -51), device: "X")
    #expect(error.description == "OpenCL clSetKernelArg (add) failed: CL_INVALID_ARG_SIZE on X")
  }
}
