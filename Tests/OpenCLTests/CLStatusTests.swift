import OpenCL
import Testing

struct CLStatusTests {
  @Test(arguments: [
    (Int32(0), "CL_SUCCESS"), (-1, "CL_DEVICE_NOT_FOUND"), (-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE"),
    (-5, "CL_OUT_OF_RESOURCES"), (-6, "CL_OUT_OF_HOST_MEMORY"), (-11, "CL_BUILD_PROGRAM_FAILURE"),
    (-19, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE"), (-30, "CL_INVALID_VALUE"), (-46, "CL_INVALID_KERNEL_NAME"),
    (-52, "CL_INVALID_KERNEL_ARGS"), (-54, "CL_INVALID_WORK_GROUP_SIZE"), (-61, "CL_INVALID_BUFFER_SIZE"),
    (-1001, "CL_PLATFORM_NOT_FOUND_KHR"),
  ])
  func `a code is shown by its name in the headers`(code: Int32, name: String) {
    #expect(CLStatus(rawValue: code).description == name)
    #expect("\(CLStatus(rawValue: code))" == name)
  }

  @Test(arguments: [Int32(-9999), 1, .min])
  func `a code without a name is shown as a number`(code: Int32) {
    #expect(CLStatus(rawValue: code).description == "OpenCL status \(code)")
  }

  @Test func `only success passes a check`() throws {
    try CLStatus.success.check("clFinish")
    #expect(throws: OpenCLError.call(function: "clFinish", status: .outOfResources, device: "a GPU")) {
      try CLStatus.outOfResources.check("clFinish", device: "a GPU")
    }
  }
}
