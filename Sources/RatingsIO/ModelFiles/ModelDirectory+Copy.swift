#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ModelDirectory {
  /// Copies the files of the model into a directory that cannot be exchanged for another as a whole, such as a mount. Until
  /// `model.json`, the last one, is there, there is no model.
  ///
  /// - Throws: ``ModelFileError``.
  package func copyFiles(into directory: String) throws {
    try FilePath.createDirectories(directory)
    let names = Set(FilePath.entries(of: path) ?? []).intersection(ModelFileName.all)
    unlink(FilePath.join(directory, ModelManifest.fileName))
    for name in ModelFileName.all where !names.contains(name) { unlink(FilePath.join(directory, name)) }
    for name in ModelFileName.all where names.contains(name) && name != ModelManifest.fileName {
      try copyFile(name, into: directory)
    }
    try copyFile(ModelManifest.fileName, into: directory)
    try FilePath.synchronize(directory: directory)
  }

  private func copyFile(_ name: String, into directory: String) throws {
    let source = try ReadableFile(FilePath.join(path, name))
    let target = FilePath.join(directory, name)
    let (partial, file) = try PartialName.firstFree(beside: target) { try WritableFile(creating: $0) }
    do {
      try file.write(try source.readAll())
      try file.synchronize()
      try file.finish()
    } catch {
      unlink(partial)
      throw error
    }
    guard rename(partial, target) == 0 else { throw ModelFileError.creating(target, errno: errno) }
  }
}
