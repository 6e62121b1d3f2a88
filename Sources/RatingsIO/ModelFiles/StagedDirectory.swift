#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory that is filled beside its place and then put there in one step. Dropped before ``publish()``, it leaves
/// nothing.
package final class StagedDirectory {
  /// Where it is filled.
  package let path: String
  private let target: String
  private let descriptor: Int32
  private var isPublished = false

  /// Makes an empty directory beside `target`, a path without links. Missing directories above it are made.
  package init(beside target: String) throws {
    self.target = target
    try FilePath.createDirectories(FilePath.parent(of: target))
    (path, _) = try PartialName.firstFree(beside: target) { try ModelDirectory.makeDirectory($0) }
    // The lock tells others that this directory is alive, also where process ids do not, as between containers.
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
  }

  deinit {
    if !isPublished { Self.discard(path, keepingOthersIn: nil) }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Makes a file in it by writing it.
  package func write(_ name: String, _ body: (WritableFile) throws -> Void) throws {
    let file = try WritableFile(creating: FilePath.join(path, name))
    try body(file)
    try file.synchronize()
    try file.finish()
  }

  /// Takes over a file of the directory that stands in the place now, without copying. False where that is impossible.
  func link(_ name: String) -> Bool {
    Self.link(FilePath.join(target, name), FilePath.join(path, name))
  }

  private static func link(_ old: String, _ new: String) -> Bool {
    #if canImport(Glibc)
      Glibc.link(old, new) == 0
    #elseif canImport(Musl)
      Musl.link(old, new) == 0
    #elseif canImport(Darwin)
      Darwin.link(old, new) == 0
    #endif
  }

  /// Puts the directory in its place durably, and removes the one that stood there. Files there that are no part of a
  /// model are carried over.
  ///
  /// - Parameter exchanges: whether names may be exchanged in one step, where the file system can do it.
  package func publish(exchanges: Bool = true) throws {
    let parent = FilePath.parent(of: target)
    try FilePath.synchronize(directory: path)
    guard let existing = FilePath.status(target, followsLinks: false) else {
      guard rename(path, target) == 0 else { throw cannotReplace(errno) }
      isPublished = true
      return try FilePath.synchronize(directory: parent)
    }
    chmod(path, mode_t(existing.permissions))
    var old = path
    if !(exchanges && Self.exchange(path, target)) {
      let code = exchanges ? errno : ENOSYS
      guard [EINVAL, ENOSYS, ENOTSUP].contains(code) else { throw cannotReplace(code) }
      old = try replaceInTwoSteps()
    }
    isPublished = true
    try FilePath.synchronize(directory: parent)
    Self.discard(old, keepingOthersIn: target)
  }

  /// For file systems that cannot exchange two names: between the steps there is no model, and a run that is killed just
  /// then is mended by ``ModelDirectory/removeLeftovers()``.
  private func replaceInTwoSteps() throws -> String {
    // An empty directory is what a directory may be renamed onto.
    let (old, _) = try PartialName.firstFree(beside: target) { try ModelDirectory.makeDirectory($0) }
    guard rename(target, old) == 0 else {
      let code = errno
      rmdir(old)
      throw cannotReplace(code)
    }
    guard rename(path, target) == 0 else {
      let code = errno
      rename(old, target)
      throw cannotReplace(code)
    }
    return old
  }

  /// The error for a rename that failed. A mount point is what the system calls busy.
  private func cannotReplace(_ code: Int32) -> ModelFileError {
    code == EBUSY ? .mountPoint(path: target) : .creating(target, errno: code)
  }

  /// Exchanges two names in one step; false with `errno` set where it fails.
  private static func exchange(_ a: String, _ b: String) -> Bool {
    #if canImport(Darwin)
      return renamex_np(a, b, UInt32(RENAME_SWAP)) == 0
    #else
      // Linux has the call, but its header hides it from Swift, and an old C library may lack it.
      typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
      guard let symbol = dlsym(nil, "renameat2") else {
        errno = ENOSYS
        return false
      }
      let exchangeNames: UInt32 = 2
      return unsafeBitCast(symbol, to: Call.self)(AT_FDCWD, a, AT_FDCWD, b, exchangeNames) == 0
    #endif
  }

  /// Removes a directory with the files of a model in it. Anything else in it is moved to `keeper`, where given.
  static func discard(_ directory: String, keepingOthersIn keeper: String?) {
    for name in ModelFileName.all { unlink(FilePath.join(directory, name)) }
    if let keeper {
      for name in FilePath.entries(of: directory) ?? [] {
        let place = FilePath.join(keeper, name)
        if FilePath.status(place, followsLinks: false) == nil { rename(FilePath.join(directory, name), place) }
      }
    }
    rmdir(directory)
  }
}
