import OpenCL

/// Which OpenCL devices to compute on.
public enum DeviceSelection: Sendable, Equatable {
  /// The best one; see `Collection.best()` of OpenCL's devices.
  case best
  /// Those with these numbers in `gpuals devices`: one, or several that share the work.
  case indices([Int])

  /// Reads `auto`, a number, or numbers with commas between them, all different; `nil` if it is none of these.
  public init?(_ text: String) {
    if text == "auto" {
      self = .best
      return
    }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let indices = numbers.compactMap { $0 }
    guard indices.count == numbers.count, indices.allSatisfy({ $0 >= 0 }), Set(indices).count == indices.count else {
      return nil
    }
    self = .indices(indices)
  }

  /// The devices, one at least.
  ///
  /// - Throws: `OpenCLError` where there are none, or no such.
  public func devices() throws(OpenCLError) -> [Device] {
    let devices = try OpenCLLibrary.load().devices()
    switch self {
    case .best:
      guard let best = devices.best() else { throw .noDevices(platforms: []) }
      return [best]
    case .indices(let indices):
      if let missing = indices.first(where: { !devices.indices.contains($0) }) {
        throw .noSuchDevice(index: missing, count: devices.count)
      }
      return indices.map { devices[$0] }
    }
  }
}

extension DeviceSelection: CustomStringConvertible {
  /// As it is read.
  public var description: String {
    switch self {
    case .best: "auto"
    case .indices(let indices): indices.map(String.init).joined(separator: ",")
    }
  }
}
