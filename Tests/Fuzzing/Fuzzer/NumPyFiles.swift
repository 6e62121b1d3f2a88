import Glibc
import RatingsIO

/// Files as NumPy writes them, to be damaged where their check sums would hide it.
public enum NumPyFiles {
  /// An array: version 1.0 of the format, header of 128 bytes.
  ///
  /// - Parameters:
  ///   - type: "<i4".
  ///   - shape: "(3,)".
  public static func array(type: String, shape: String, _ elements: [UInt8]) -> [UInt8] {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: max(0, 117 - header.utf8.count)) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + elements
  }

  /// The bytes of some numbers, little-endian.
  public static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  /// An archive of arrays with the right check sums.
  public static func writeArchive(_ members: [(name: String, content: [UInt8])], to path: String) throws {
    unlink(path)
    let file = try WritableFile(creating: path)
    var archive = ZIPArchiveWriter(file)
    for member in members {
      try member.content.withUnsafeBytes { try archive.add(name: "\(member.name).npy", head: [], body: $0) }
    }
    try archive.finish()
    try file.finish()
  }
}
