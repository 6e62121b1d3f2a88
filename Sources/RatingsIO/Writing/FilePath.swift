#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Questions about paths that writers ask before they rename.
package enum FilePath {
  /// What a path leads to.
  struct Status: Equatable {
    var device: UInt64
    var inode: UInt64
    var mode: UInt32

    var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
    var isLink: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFLNK) }
    var permissions: UInt32 { mode & 0o7777 }
  }

  /// The status of what stands at a path; `nil` with `errno` set where nothing does.
  static func status(_ path: String, followsLinks: Bool = true) -> Status? {
    var info = stat()
    guard (followsLinks ? stat(path, &info) : lstat(path, &info)) == 0 else { return nil }
    return Status(
      device: UInt64(truncatingIfNeeded: info.st_dev), inode: UInt64(truncatingIfNeeded: info.st_ino),
      mode: UInt32(truncatingIfNeeded: info.st_mode))
  }

  /// Whether a path leads to a directory.
  package static func isDirectory(_ path: String) -> Bool { status(path)?.isDirectory == true }

  /// The directory that holds a path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }

  /// The path that a path leads to when links are followed, also where the last link leads to nothing yet: renaming onto
  /// the link itself would replace the link.
  static func resolved(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    for _ in 0..<40 {
      if let real = realpath(path, nil) {
        defer { free(real) }
        return String(cString: real)
      }
      guard let status = status(path, followsLinks: false), status.isLink else { return path }
      var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let length = target.withUnsafeMutableBytes { buffer in
        readlink(path, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
      }
      guard length > 0 else { return path }
      let text = String(decoding: target[..<length], as: UTF8.self)
      path = text.hasPrefix("/") ? text : join(parent(of: path), text)
    }
    return path
  }

  /// The nearest directory above a path that exists.
  static func nearestExistingParent(of path: String) -> String {
    var parent = parent(of: path)
    while status(parent) == nil, parent != "/", parent != "." { parent = Self.parent(of: parent) }
    return parent
  }

  /// Bytes that an unprivileged writer may still take on the file system of a path.
  static func bytesFree(at path: String) -> Int? {
    var info = statvfs()
    guard statvfs(path, &info) == 0 || statvfs(nearestExistingParent(of: path), &info) == 0 else { return nil }
    let (bytes, overflow) = Int(truncatingIfNeeded: info.f_bavail)
      .multipliedReportingOverflow(by: Int(truncatingIfNeeded: info.f_frsize))
    return overflow ? nil : bytes
  }

  /// Names in a directory but `.` and `..`; `nil` with `errno` set where it cannot be read.
  package static func entries(of directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Creates the missing directories of a path, the path included.
  package static func createDirectories(_ path: String) throws {
    if let status = status(path) {
      guard status.isDirectory else { throw ModelFileError.cannotCreate(path: path, errno: ENOTDIR) }
      return
    }
    let parent = parent(of: path)
    if parent != path { try createDirectories(parent) }
    // Another process may be making the same one.
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw ModelFileError.creating(path, errno: errno) }
  }

  /// Makes the names in a directory durable.
  static func synchronize(directory: String) throws {
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ModelFileError.writing(directory, errno: errno) }
    defer { close(descriptor) }
    // Some network file systems do not offer this for directories, and say EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw ModelFileError.writing(directory, errno: errno) }
  }
}
