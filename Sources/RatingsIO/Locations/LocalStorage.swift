#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and directories of this machine.
struct LocalStorage: Storage, FileOrigin {
  /// Of a file.
  let path: String

  static func holds(_ text: String) -> Bool { true }

  static func files(at text: String) throws(RatingsIOError) -> [InputFile] {
    var files: [InputFile] = []
    var openDirectories: Set<[UInt64]> = []
    try collect(text, isTop: true, openDirectories: &openDirectories, into: &files)
    return CommitOrder.arranged(files) { $0.name }
  }

  static func file(at text: String) throws(RatingsIOError) -> InputFile {
    var status = stat()
    if stat(text, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(file: text) }
    // Unless a directory has taken its place just now.
    guard let file = try files(at: text).first else { throw .isDirectory(file: text) }
    return file
  }

  func stream(named name: String) throws(RatingsIOError) -> any ByteStream {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .notFound(file: name) : .unreadable(file: name, status: errno)
    }
    return DescriptorStream(descriptor, name: name, ownsDescriptor: true)
  }

  func file(named name: String) throws(RatingsIOError) -> ReadableFile? {
    do { return try ReadableFile(path) } catch { throw RatingsIOError(reading: name, error) }
  }

  private static func version(of status: stat) -> String {
    #if canImport(Darwin)
      let changed = status.st_mtimespec
    #else
      let changed = status.st_mtim
    #endif
    return "\(status.st_size)-\(Int(changed.tv_sec) * 1_000_000_000 + Int(changed.tv_nsec))"
  }

  private static func collect(
    _ path: String, isTop: Bool, openDirectories: inout Set<[UInt64]>, into files: inout [InputFile]
  ) throws(RatingsIOError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A URL, and no file that merely looks like one.
      if isTop, path.split(separator: "://", maxSplits: 1).count == 2 { throw .unsupportedLocation(path) }
      // A dangling link inside a directory is as missing as a file that was named.
      guard errno == ENOENT || errno == ENOTDIR else { throw .unreadable(file: path, status: errno) }
      // An argument that is not UTF-8 has come here with replacement characters.
      throw path.unicodeScalars.contains("\u{fffd}") ? .nameNotUTF8(path) : .notFound(file: path)
    }
    let type = status.st_mode & S_IFMT
    guard type == S_IFDIR else {
      if !isTop && type != S_IFREG { return }
      guard access(path, R_OK) == 0 else { throw .unreadable(file: path, status: errno) }
      let size = type == S_IFREG ? Int(status.st_size) : nil
      files.append(
        InputFile(origin: LocalStorage(path: path), name: path, size: size, version: version(of: status)))
      return
    }
    // A link to a directory that we are inside of would never end.
    let identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
    guard openDirectories.insert(identity).inserted else { return }
    defer { openDirectories.remove(identity) }
    if !isTop, ModelDirectory.holdsModel(path) { return }
    for name in try names(in: path) {
      let child = path.hasSuffix("/") ? path + name : path + "/" + name
      try collect(child, isTop: false, openDirectories: &openDirectories, into: &files)
    }
  }

  /// Names in a directory, sorted by their bytes, without those that begin with `.` or `_`.
  private static func names(in path: String) throws(RatingsIOError) -> [String] {
    guard let directory = opendir(path) else { throw .unreadable(file: path, status: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let (name, isUTF8) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          (String(cString: $0), String(validatingCString: $0) != nil)
        }
      }
      if name.hasPrefix(".") || name.hasPrefix("_") { continue }
      guard isUTF8 else { throw .nameNotUTF8(FilePath.join(path, name)) }
      names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
