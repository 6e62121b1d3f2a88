#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory of a sample, made with its parents where they are missing.
struct OutputDirectory {
  /// Its path.
  let path: String
  /// Directories that were made, outermost first.
  private let made: [String]

  /// Makes the directory if it is not there.
  init(_ path: String) throws(SampleError) {
    self.path = path
    var made: [String] = []
    var prefix = path.hasPrefix("/") ? "/" : ""
    do throws(SampleError) {
      for part in path.split(separator: "/") {
        prefix += prefix.isEmpty || prefix.hasSuffix("/") ? part : "/" + part
        if mkdir(prefix, 0o777) == 0 {
          made.append(prefix)
          continue
        }
        let code = errno
        var status = stat()
        guard stat(prefix, &status) == 0 else { throw .cannotWrite(path: prefix, code: code) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .cannotWrite(path: prefix, code: ENOTDIR) }
      }
      if path.isEmpty { throw .cannotWrite(path: "\"\"", code: ENOENT) }
    } catch {
      Self.remove(made)
      throw error
    }
    self.made = made
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// Syncs the directory itself, so that renames last. Not all file systems can; then there is nothing to do.
  func sync() {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Removes the directories that were made here, as far as they are empty.
  func removeIfMade() { Self.remove(made) }

  private static func remove(_ made: [String]) {
    for directory in made.reversed() { rmdir(directory) }
  }
}
