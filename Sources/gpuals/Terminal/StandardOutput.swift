import Synchronization
import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where results go, in large writes.
final class StandardOutput: Sendable {
  /// The one of this process.
  static let shared = StandardOutput()

  private let pending = Mutex<[UInt8]>([])

  /// Adds text; it is written out when much has gathered, and by ``flush()``.
  ///
  /// - Throws: ``CommandError/standardOutput(code:reason:)``.
  func write(_ text: String) throws(CommandError) {
    try pending.withLock { (pending) throws(CommandError) in
      pending.append(contentsOf: text.utf8)
      if pending.count >= 1 << 16 { try Self.drain(&pending) }
    }
  }

  /// Writes out what has gathered.
  ///
  /// - Throws: ``CommandError/standardOutput(code:reason:)``.
  func flush() throws(CommandError) {
    try pending.withLock { (pending) throws(CommandError) in try Self.drain(&pending) }
  }

  private static func drain(_ pending: inout [UInt8]) throws(CommandError) {
    var offset = 0
    var failure: Int32 = 0
    pending.withUnsafeBytes { bytes in
      while offset < bytes.count {
        let written = unistdWrite(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else {
          failure = errno
          return
        }
        offset += written
      }
    }
    pending.removeAll(keepingCapacity: true)
    guard failure == 0 else {
      throw .standardOutput(code: failure, reason: String(cString: strerror(failure)))
    }
  }
}
