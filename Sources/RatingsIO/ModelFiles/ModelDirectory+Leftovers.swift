#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ModelDirectory {
  /// Removes what killed runs left beside the directory. What belongs to a living process stays.
  ///
  /// If the directory itself is missing and a leftover holds a whole model (a run was killed between two renames, on a
  /// file system that cannot exchange names in one step), the latest such leftover becomes the directory.
  public func removeLeftovers() {
    // In S3 there are none: uploads that break leave nothing.
    if S3Location.holds(path) { return }
    let target = FilePath.resolved(path)
    let parent = FilePath.parent(of: target)
    let name = FilePath.name(of: target)
    let leftovers = (FilePath.entries(of: parent) ?? [])
      .filter { entry in PartialName.processID(in: entry, for: name).map(Self.mayBeDead) ?? false }
      .map { FilePath.join(parent, $0) }
      .filter { FilePath.status($0, followsLinks: false)?.isDirectory == true }
      .sorted { Self.age(of: $0) < Self.age(of: $1) }
    for leftover in leftovers {
      let descriptor = open(leftover, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      // Whoever fills it holds the lock. File systems without locks say so; the process id must do there.
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { continue }
      if FilePath.status(target, followsLinks: false) == nil, Self.holdsModel(leftover), rename(leftover, target) == 0 {
        continue
      }
      StagedDirectory.discard(leftover, keepingOthersIn: target)
    }
  }

  /// Whether a process is gone. In containers the id of a gone one may well be our own: the lock decides then.
  private static func mayBeDead(_ process: Int32) -> Bool {
    process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
  }

  /// Seconds since `model.json` was written, the longest age where there is none.
  private static func age(of directory: String) -> Int {
    var info = stat()
    guard stat(FilePath.join(directory, ModelManifest.fileName), &info) == 0 else { return .max }
    #if canImport(Darwin)
      return -Int(info.st_mtimespec.tv_sec)
    #else
      return -Int(info.st_mtim.tv_sec)
    #endif
  }
}
