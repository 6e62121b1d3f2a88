#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: it is written beside its place, and ``commit()`` makes it durable and renames
/// it. Dropped without a commit, it leaves nothing.
///
/// A place in S3 (`s3://bucket/key`) gets its object when all is written.
///
/// A path that leads to a device or a named pipe (`/dev/stdout`) is written to directly.
public final class AtomicFile {
  /// The path as given.
  public let path: String
  private let target: String
  /// Where the bytes go until the commit; `nil` where they go to their place directly.
  private var temporary: String?
  private let file: WritableFile
  /// Where the file goes once it is written, if that is in S3.
  private var remote: S3Location?

  /// Creates the file beside `path`. A link at `path` is followed, and stays a link.
  ///
  /// - Throws: ``ModelFileError`` where it cannot be created.
  public init(_ path: String) throws {
    self.path = path
    if S3Location.holds(path) {
      target = TemporaryDirectory.newPath()
      do throws(S3Error) { remote = try S3Location(path) } catch { throw ModelFileError.s3(error) }
      temporary = target
      file = try WritableFile(creating: target)
      return
    }
    if let descriptor = Self.descriptor(named: path) {
      target = path
      let copy = dup(descriptor)
      guard copy >= 0 else { throw ModelFileError.creating(path, errno: errno) }
      file = WritableFile(descriptor: copy, path: path)
      return
    }
    target = FilePath.resolved(path)
    let existing = FilePath.status(target)
    guard !FilePath.name(of: path).isEmpty, existing?.isDirectory != true else {
      throw ModelFileError.cannotCreate(path: path, errno: EISDIR)
    }
    if let existing, !existing.isRegular {
      file = try WritableFile(opening: path)
      return
    }
    (temporary, file) = try PartialName.firstFree(beside: target) { try WritableFile(creating: $0) }
    if let existing { file.setPermissions(existing.permissions) }
  }

  /// The descriptor that a path names, so that `>> file` goes on appending.
  private static func descriptor(named path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
        return Int32(path.dropFirst(prefix.count))
      }
      return nil
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: ``ModelFileError`` where the disk is full or writing fails otherwise.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    do {
      try file.write(bytes)
    } catch let error as ModelFileError {
      throw named(error)
    }
  }

  /// Calls `body` with the file itself, for what writes to one.
  func writing(_ body: (WritableFile) throws -> Void) throws {
    do {
      try body(file)
    } catch let error as ModelFileError {
      throw named(error)
    }
  }

  /// Makes the content durable and puts the file in its place. Call it once, after the last write.
  ///
  /// - Throws: ``ModelFileError``; what stood in the place before is then untouched.
  public func commit() throws {
    do {
      if temporary != nil { try file.synchronize() }
      try file.finish()
    } catch let error as ModelFileError {
      throw named(error)
    }
    guard let temporary else { return }
    if let remote {
      do throws(S3Error) { try S3Upload.file(temporary, to: remote) } catch { throw ModelFileError.s3(error) }
      return
    }
    guard rename(temporary, target) == 0 else { throw ModelFileError.creating(path, errno: errno) }
    self.temporary = nil
    try FilePath.synchronize(directory: FilePath.parent(of: target))
  }

  deinit {
    if let temporary { unlink(temporary) }
  }

  /// The same error about the path that the user knows.
  private func named(_ error: ModelFileError) -> ModelFileError {
    switch error {
    case .diskFull(_, let needed, let free): .diskFull(path: path, bytesNeeded: needed, bytesFree: free)
    case .writeFailed(_, let code): .writeFailed(path: path, errno: code)
    case .brokenPipe: .brokenPipe(path: path)
    default: error
    }
  }
}
