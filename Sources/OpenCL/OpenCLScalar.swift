/// A number that means the same to Swift and to OpenCL C.
public protocol OpenCLScalar: BitwiseCopyable, Sendable {
  /// Its name in OpenCL C.
  static var openCLName: String { get }
}

extension Float: OpenCLScalar {
  /// `float`.
  public static var openCLName: String { "float" }
}
extension Int32: OpenCLScalar {
  /// `int`.
  public static var openCLName: String { "int" }
}
extension UInt32: OpenCLScalar {
  /// `uint`.
  public static var openCLName: String { "uint" }
}
extension Int64: OpenCLScalar {
  /// `long`.
  public static var openCLName: String { "long" }
}
extension UInt64: OpenCLScalar {
  /// `ulong`.
  public static var openCLName: String { "ulong" }
}
extension SIMD4<UInt32>: OpenCLScalar {
  /// `uint4`.
  public static var openCLName: String { "uint4" }
}
