import COpenCL

/// An OpenCL driver.
///
/// `@unchecked Sendable` holds because a `cl_platform_id` is an immutable handle that is never released.
public struct Platform: @unchecked Sendable {
  let id: cl_platform_id
  let library: OpenCLLibrary
  /// The driver's name, for example "Portable Computing Language".
  public let name: String
  /// Who made it.
  public let vendor: String
  /// Whether it is pocl, which computes on the CPU.
  public var isPocl: Bool { name == "Portable Computing Language" }

  /// For example "OpenCL 3.0 PoCL 3.1".
  public let version: String

  init(id: cl_platform_id, library: OpenCLLibrary) throws(OpenCLError) {
    self.id = id
    self.library = library
    func text(_ parameter: Int32) throws(OpenCLError) -> String {
      try infoText("clGetPlatformInfo") { library.clGetPlatformInfo(id, cl_platform_info(parameter), $0, $1, $2) }
    }
    name = try text(CL_PLATFORM_NAME)
    vendor = try text(CL_PLATFORM_VENDOR)
    version = try text(CL_PLATFORM_VERSION)
  }

  /// The platform's devices, possibly none.
  public func devices() throws(OpenCLError) -> [Device] {
    var count: UInt32 = 0
    let allKinds = cl_device_type(0xFFFF_FFFF)  // CL_DEVICE_TYPE_ALL
    let status = CLStatus(rawValue: library.clGetDeviceIDs(id, allKinds, 0, nil, &count))
    if status == .deviceNotFound || (status == .success && count == 0) { return [] }
    try status.check("clGetDeviceIDs", device: name)
    var ids = [cl_device_id?](repeating: nil, count: Int(count))
    try CLStatus(rawValue: library.clGetDeviceIDs(id, allKinds, count, &ids, nil)).check("clGetDeviceIDs", device: name)
    var devices: [Device] = []
    for case let deviceID? in ids { devices.append(try Device(id: deviceID, platform: self)) }
    return devices
  }
}

/// Reads a text through one of OpenCL's information calls, which tell the length first.
func infoText(
  _ function: String, _ call: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
) throws(OpenCLError) -> String {
  var size = 0
  try CLStatus(rawValue: call(0, nil, &size)).check(function)
  if size == 0 { return "" }
  var bytes = [UInt8](repeating: 0, count: size)
  try CLStatus(rawValue: call(size, &bytes, nil)).check(function)
  var text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  while text.last?.isWhitespace == true { text.removeLast() }
  return String(text.drop { $0.isWhitespace })
}
