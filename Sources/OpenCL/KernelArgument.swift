import COpenCL

/// One or several arguments of a kernel that belong together: kernels of a kind name their common ones once.
public protocol KernelArguments {
  /// Their types, in order.
  static var argumentTypes: [any KernelArgument.Type] { get }
  /// Their values, in order.
  var arguments: [any KernelArgument] { get }
}

/// A value that can be passed to a kernel, with its type in OpenCL C.
public protocol KernelArgument: KernelArguments {
  /// For example `float*` or `uint`, as `clGetKernelArgInfo` says it.
  static var openCLTypeName: String { get }
  /// Where it points.
  static var addressSpace: AddressSpace { get }
  /// Calls `body` with the size and address that `clSetKernelArg` wants.
  func withArgument<Result>(_ body: (Int, UnsafeRawPointer) -> Result) -> Result
}

/// The address spaces of OpenCL C that arguments can have.
public enum AddressSpace: String, Sendable {
  /// Memory of the device: buffers.
  case global
  /// Values.
  case `private`
}

extension KernelArgument {
  /// This type alone.
  public static var argumentTypes: [any KernelArgument.Type] { [Self.self] }
  /// This value alone.
  public var arguments: [any KernelArgument] { [self] }
}

extension KernelArgument where Self: OpenCLScalar {
  /// The scalar's name.
  public static var openCLTypeName: String { openCLName }
  /// Scalars are values.
  public static var addressSpace: AddressSpace { .private }
  /// Passes the value.
  public func withArgument<Result>(_ body: (Int, UnsafeRawPointer) -> Result) -> Result {
    var value = self
    return body(MemoryLayout<Self>.size, &value)
  }
}

extension Float: KernelArgument {}
extension Int32: KernelArgument {}
extension UInt32: KernelArgument {}
extension Int64: KernelArgument {}
extension UInt64: KernelArgument {}

extension Buffer: KernelArgument {
  /// A pointer to the element.
  public static var openCLTypeName: String { Element.openCLName + "*" }
  /// Buffers are in the device's memory.
  public static var addressSpace: AddressSpace { .global }
  /// Passes the handle.
  public func withArgument<Result>(_ body: (Int, UnsafeRawPointer) -> Result) -> Result {
    var handle: cl_mem? = handle
    return body(MemoryLayout<cl_mem?>.size, &handle)
  }
}
