import ALS
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open regular file to read any part of.
///
/// Parts are read with `pread` and not mapped: a file that shrinks meanwhile is then an error and not a fault of the
/// process.
package final class ReadableFile: Sendable {
  /// Its path, for messages.
  package let path: String
  /// Its size when it was opened.
  package let byteCount: Int
  private let descriptor: Int32

  /// Opens a file by its path, or by its name in an open directory.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where it is missing or is no regular file.
  package init(_ path: String, name: String? = nil, in directory: Int32 = AT_FDCWD) throws {
    self.path = path
    // Without O_NONBLOCK a named pipe would block here until somebody writes to it.
    descriptor = openat(directory, name ?? path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw ModelFileError.damaged(file: path, reason: "the file is missing") }
      throw ModelFileError.readFailed(path: path, errno: errno)
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else {
      let code = errno
      close(descriptor)
      throw ModelFileError.readFailed(path: path, errno: code)
    }
    guard UInt32(truncatingIfNeeded: info.st_mode) & UInt32(S_IFMT) == UInt32(S_IFREG) else {
      close(descriptor)
      throw ModelFileError.damaged(file: path, reason: "it is not a regular file")
    }
    byteCount = Int(info.st_size)
  }

  deinit { close(descriptor) }

  /// Fills a buffer from an offset on.
  ///
  /// - Throws: ``ModelFileError`` where the file ends before the buffer is full.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    guard offset >= 0, buffer.count <= byteCount, offset <= byteCount - buffer.count else { throw endsEarly }
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress! + done, min(32 << 20, buffer.count - done), offset + done)
      if count > 0 {
        done += count
      } else if count == 0 {
        throw endsEarly
      } else if errno != EINTR {
        throw ModelFileError.readFailed(path: path, errno: errno)
      }
    }
  }

  /// The bytes of a range.
  package func read(_ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { throw endsEarly }
    return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      try read(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]),
        at: range.lowerBound)
      count = range.count
    }
  }

  /// The whole file.
  package func readAll() throws -> [UInt8] { try read(0..<byteCount) }

  /// Fills a buffer from an offset on, on all cores.
  ///
  /// - Returns: the CRC-32 of what was read, if asked for.
  package func readConcurrently(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int, computesCRC: Bool = false
  ) throws -> UInt32 {
    guard offset >= 0, buffer.count <= byteCount, offset <= byteCount - buffer.count else { throw endsEarly }
    let grain = 4 << 20
    let pieces = (buffer.count + grain - 1) / grain
    let outcome = Mutex<(sums: [UInt32], failure: ModelFileError?)>(([UInt32](repeating: 0, count: pieces), nil))
    // Every piece is written by one worker.
    nonisolated(unsafe) let target = buffer
    Parallel.perform(pieces) { piece in
      let range = piece * grain..<min(target.count, (piece + 1) * grain)
      let part = UnsafeMutableRawBufferPointer(rebasing: target[range])
      do {
        try read(into: part, at: offset + range.lowerBound)
        let sum = computesCRC ? CRC32.of(UnsafeRawBufferPointer(part)) : 0
        outcome.withLock { $0.sums[piece] = sum }
      } catch {
        outcome.withLock { $0.failure = error as? ModelFileError ?? endsEarly }
      }
    }
    return try outcome.withLock { outcome in
      if let failure = outcome.failure { throw failure }
      guard computesCRC else { return 0 }
      var total: UInt32 = 0
      for (piece, sum) in outcome.sums.enumerated() {
        total = CRC32.combined(total, sum, secondCount: min(grain, target.count - piece * grain))
      }
      return total
    }
  }

  private var endsEarly: ModelFileError { .damaged(file: path, reason: "the file ends early") }
}
