#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: written beside its place under another name, synced, and renamed.
final class WholeFile {
  /// Where the file will be.
  let path: String
  /// Bytes written so far.
  private(set) var byteCount = 0
  private let partialPath: String
  private var descriptor: Int32

  /// Opens the partial file. A killed run's partial file is taken over; a living run's is ``SampleError/busy(path:)``.
  init(_ path: String) throws(SampleError) {
    self.path = path
    partialPath = path + ".partial"
    // Renaming onto a directory fails; better to say so before the work than after it.
    var status = stat()
    if stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR { throw .cannotWrite(path: path, code: EISDIR) }
    descriptor = try Self.openLocked(partialPath)
  }

  /// Removes the partial file unless the file has been put in its place.
  deinit {
    guard descriptor >= 0 else { return }
    unlink(partialPath)
    close(descriptor)
  }

  /// Appends all of `bytes`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SampleError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let written = Self.systemWrite(descriptor, part.baseAddress, part.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, code: errno)
      }
      byteCount += written
      rest = rest.dropFirst(written)
    }
  }

  // The method above hides the C function's name.
  #if canImport(Glibc)
    private static let systemWrite = Glibc.write
  #elseif canImport(Musl)
    private static let systemWrite = Musl.write
  #elseif canImport(Darwin)
    private static let systemWrite = Darwin.write
  #endif

  /// Makes sure that what is written is on the disk, so that only renaming is left.
  func sync() throws(SampleError) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, code: errno) }
  }

  /// Puts the file in its place.
  func appear() throws(SampleError) {
    guard rename(partialPath, path) == 0 else { throw .cannotWrite(path: path, code: errno) }
    close(descriptor)
    descriptor = -1
  }

  private static func openLocked(_ path: String) throws(SampleError) -> Int32 {
    while true {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
      // The lock tells a living run from a dead one's leftovers; file systems without locks are used without.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
        close(descriptor)
        throw .busy(path: path)
      }
      // Between opening and locking another run may have renamed the file into its place.
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino,
        opened.st_dev == named.st_dev
      {
        guard ftruncate(descriptor, 0) == 0 else {
          let code = errno
          close(descriptor)
          throw .cannotWrite(path: path, code: code)
        }
        return descriptor
      }
      close(descriptor)
    }
  }
}
