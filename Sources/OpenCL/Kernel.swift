import COpenCL

/// A kernel whose arguments have Swift types: `Kernel<Buffer<Float>, UInt32>(program, "name")`.
///
/// One kernel is used by one thread at a time: its arguments are state of the OpenCL object. It is not `Sendable`.
public struct Kernel<each Argument: KernelArguments> {
  private let object: KernelObject

  /// Looks up a kernel, and checks that it takes as many arguments as this type says.
  ///
  /// - Throws: ``OpenCLError/kernelSignature(kernel:expected:found:)``.
  public init(_ program: Program, _ name: String) throws(OpenCLError) {
    object = try KernelObject(program, name)
    let expected = Self.argumentDescriptions
    let count = try object.argumentCount()
    guard count == expected.count else {
      throw .kernelSignature(
        kernel: name, expected: expected.joined(separator: ", "), found: "\(count) arguments")
    }
  }

  /// Address space and type of each argument, in order.
  private static var argumentDescriptions: [String] {
    var descriptions: [String] = []
    func append<A: KernelArguments>(_ group: A.Type) {
      for type in group.argumentTypes { descriptions.append("\(type.addressSpace.rawValue) \(type.openCLTypeName)") }
    }
    repeat append((each Argument).self)
    return descriptions
  }

  /// Compares types and address spaces with what the compiler saw; the program must be built with `-cl-kernel-arg-info`.
  ///
  /// - Throws: ``OpenCLError/kernelSignature(kernel:expected:found:)`` where they differ.
  public func checkSignature() throws(OpenCLError) {
    let expected = Self.argumentDescriptions
    let found = try object.argumentDescriptions(count: expected.count)
    guard expected == found else {
      throw .kernelSignature(
        kernel: object.name, expected: expected.joined(separator: ", "), found: found.joined(separator: ", "))
    }
  }

  /// Enqueues the kernel over a one-dimensional range.
  ///
  /// - Parameters:
  ///   - queue: a queue of the context that the program was built in.
  ///   - groups: number of work-groups; with 0 nothing is enqueued, and `nil` is returned.
  ///   - groupSize: number of work-items in each.
  ///   - argument: the arguments, in the order of the kernel's parameters.
  @discardableResult
  public func enqueue(
    on queue: CommandQueue, groups: Int, groupSize: Int, _ argument: repeat each Argument
  ) throws(OpenCLError) -> Event? {
    guard groups > 0 else { return nil }
    var index: UInt32 = 0
    for group in repeat each argument {
      for value in group.arguments {
        try object.set(value, at: index)
        index += 1
      }
    }
    return try object.enqueue(on: queue, groups: groups, groupSize: groupSize)
  }
}

extension Program {
  /// The most work-items that a work-group of a kernel may have on the device: what the registers leave it, once it is compiled.
  public func largestGroup(ofKernel name: String) throws(OpenCLError) -> Int {
    try KernelObject(self, name).maxGroupSize()
  }
}

/// The OpenCL object behind ``Kernel``.
final class KernelObject {
  let name: String
  private let handle: cl_kernel
  private let program: Program

  private var device: Device { program.context.device }

  init(_ program: Program, _ name: String) throws(OpenCLError) {
    self.program = program
    self.name = name
    var status: Int32 = 0
    let handle = program.context.device.library.clCreateKernel(program.handle, name, &status)
    try CLStatus(rawValue: status).check("clCreateKernel (\(name))", device: program.context.device.name)
    guard let handle else {
      throw .call(function: "clCreateKernel (\(name))", status: .outOfResources, device: program.context.device.name)
    }
    self.handle = handle
  }

  deinit { _ = device.library.clReleaseKernel(handle) }

  func argumentCount() throws(OpenCLError) -> Int {
    var count: UInt32 = 0
    let status = device.library.clGetKernelInfo(
      handle, cl_kernel_info(CL_KERNEL_NUM_ARGS), MemoryLayout<UInt32>.size, &count, nil)
    try CLStatus(rawValue: status).check("clGetKernelInfo (\(name))", device: device.name)
    return Int(count)
  }

  func argumentDescriptions(count: Int) throws(OpenCLError) -> [String] {
    var descriptions: [String] = []
    for index in 0..<UInt32(count) {
      let type = try infoText("clGetKernelArgInfo (\(name))") {
        device.library.clGetKernelArgInfo(
          handle, index, cl_kernel_arg_info(CL_KERNEL_ARG_TYPE_NAME), $0, $1, $2)
      }
      var space: UInt32 = 0
      let status = device.library.clGetKernelArgInfo(
        handle, index, cl_kernel_arg_info(CL_KERNEL_ARG_ADDRESS_QUALIFIER), MemoryLayout<UInt32>.size, &space, nil)
      try CLStatus(rawValue: status).check("clGetKernelArgInfo (\(name))", device: device.name)
      let spaces: [UInt32: String] = [0x119B: "global", 0x119C: "local", 0x119D: "constant", 0x119E: "private"]
      descriptions.append("\(spaces[space] ?? "unknown") \(type)")
    }
    return descriptions
  }

  func set(_ argument: some KernelArgument, at index: UInt32) throws(OpenCLError) {
    let status = argument.withArgument { device.library.clSetKernelArg(handle, index, $0, $1) }
    try CLStatus(rawValue: status).check("clSetKernelArg (\(name), argument \(index))", device: device.name)
  }

  func enqueue(on queue: CommandQueue, groups: Int, groupSize: Int) throws(OpenCLError) -> Event {
    let limit = try maxGroupSize()
    guard groupSize <= limit else {
      throw .workGroupTooLarge(kernel: name, size: groupSize, limit: limit, device: device.name)
    }
    var global = groups * groupSize
    var local = groupSize
    var event: cl_event?
    let status = device.library.clEnqueueNDRangeKernel(
      queue.handle, handle, 1, nil, &global, &local, 0, nil, &event)
    try CLStatus(rawValue: status).check("clEnqueueNDRangeKernel (\(name))", device: device.name)
    guard let event else {
      throw .call(function: "clEnqueueNDRangeKernel (\(name))", status: .outOfResources, device: device.name)
    }
    let enqueued = Event(handle: event, device: device)
    queue.profile?.record(name, bytes: 0, enqueued)
    return enqueued
  }

  func maxGroupSize() throws(OpenCLError) -> Int {
    var size = 0
    let status = device.library.clGetKernelWorkGroupInfo(
      handle, device.id, cl_kernel_work_group_info(CL_KERNEL_WORK_GROUP_SIZE), MemoryLayout<Int>.size, &size, nil)
    try CLStatus(rawValue: status).check("clGetKernelWorkGroupInfo (\(name))", device: device.name)
    return size
  }
}
