#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One file to read, or standard input.
struct InputFile: Sendable {
  /// `nil` for standard input.
  let path: String?
  /// How messages name it.
  let name: String
  /// Its size where it is known beforehand.
  let size: Int?

  /// The files of some locations, those of a directory in the order of their names, directory by directory. Models inside
  /// a directory hold no ratings to read.
  static func files(at locations: [Location]) throws(RatingsIOError) -> [InputFile] {
    var files: [InputFile] = []
    for location in locations {
      if location.isStandardInput {
        files.append(InputFile(path: nil, name: location.description, size: nil))
        continue
      }
      let before = files.count
      var openDirectories: Set<[UInt64]> = []
      try collect(location.text, isTop: true, openDirectories: &openDirectories, into: &files)
      if files.count == before { throw .noRatingFiles(directory: location.text) }
    }
    return files
  }

  /// The one file at a location.
  static func file(at location: Location) throws(RatingsIOError) -> InputFile {
    var status = stat()
    if !location.isStandardInput, stat(location.text, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .isDirectory(file: location.text)
    }
    return try files(at: [location])[0]
  }

  /// Opens the file in a format, or in the one that its first bytes tell.
  func open(options: ReadOptions) throws(RatingsIOError) -> OpenedInput {
    switch options.format {
    case .npz: return .matrix(try SciPyMatrix(self, options: options))
    case .npy: return .matrix(try NumPyTable(self, options: options))
    case nil:
      let file = try FileSource(self)
      let magic = try file.peek(4)
      if magic.elementsEqual([0x50, 0x4b, 3, 4]) { return .matrix(try SciPyMatrix(self, options: options)) }
      if magic.elementsEqual([0x93, 0x4e, 0x55, 0x4d]) { return .matrix(try NumPyTable(self, options: options)) }
      return .text(try decompressed(file, magic: magic))
    default:
      let file = try FileSource(self)
      return .text(try decompressed(file, magic: try file.peek(4)))
    }
  }

  /// The bytes of the file, decompressed if they are compressed.
  private func decompressed(_ file: FileSource, magic: [UInt8]) throws(RatingsIOError) -> any ByteSource {
    if magic.starts(with: [0x1f, 0x8b]) { return try GzipSource(file) }
    if magic.elementsEqual([0x28, 0xb5, 0x2f, 0xfd]) { return try ZstdSource(file) }
    // A skippable frame, as pzstd puts at the start.
    if magic.count == 4, magic[0] & 0xf0 == 0x50, magic.dropFirst().elementsEqual([0x2a, 0x4d, 0x18]) {
      return try ZstdSource(file)
    }
    for (ending, form) in [(".gz", "gzip"), (".zst", "zstd")] where name.hasSuffix(ending) {
      if magic.count < 4 { throw .truncated(file: name, form: form) }
      throw .corrupt(file: name, form: form, detail: "it does not begin as such data do")
    }
    return file
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
      files.append(InputFile(path: path, name: path, size: type == S_IFREG ? Int(status.st_size) : nil))
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
