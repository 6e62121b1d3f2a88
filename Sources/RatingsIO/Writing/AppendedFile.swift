#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows line by line, and is made where it is missing.
package enum AppendedFile {
  /// Adds bytes to the end of a file, durably.
  ///
  /// - Throws: ``ModelFileError`` of the kind ``ModelFileError/FaultKind/cannotWrite``, or for a full disk.
  package static func append(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ModelFileError.creating(path, errno: errno) }
    let file = WritableFile(descriptor: descriptor, path: path)
    try file.write(bytes)
    try file.synchronize()
    try file.finish()
  }
}
