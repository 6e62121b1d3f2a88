#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file to write to from the beginning to the end.
package final class WritableFile {
  /// Its path, for messages.
  package let path: String
  private var descriptor: Int32

  /// Creates a file that must not exist yet.
  package init(creating path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ModelFileError.creating(path, errno: errno) }
  }

  /// Takes over an open descriptor and closes it in the end.
  init(descriptor: Int32, path: String) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Opens what exists, such as a device or a named pipe.
  init(opening path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ModelFileError.creating(path, errno: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    // The kernel takes at most 2 GiB at once; smaller pieces let an interrupt come through.
    let piece = 32 << 20
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, min(piece, bytes.count - done))
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, bytes.baseAddress! + done, min(piece, bytes.count - done))
      #elseif canImport(Darwin)
        let count = Darwin.write(descriptor, bytes.baseAddress! + done, min(piece, bytes.count - done))
      #endif
      if count >= 0 {
        done += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Standard output may have been made non-blocking by another program that shares it.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      default: throw ModelFileError.writing(path, errno: errno)
      }
    }
  }

  /// Writes all bytes of an array.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Gives the file the permissions of the one that it will replace.
  func setPermissions(_ mode: UInt32) {
    _ = fchmod(descriptor, mode_t(mode))
  }

  /// Makes the content durable.
  func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw ModelFileError.writing(path, errno: errno) }
  }

  /// Closes the file; some file systems report a failed write only here.
  package func finish() throws {
    guard descriptor >= 0 else { return }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 || errno == EINTR else { throw ModelFileError.writing(path, errno: errno) }
  }
}
