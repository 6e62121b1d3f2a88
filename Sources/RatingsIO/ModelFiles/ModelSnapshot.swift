#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The open files of one and the same state of a model directory, even where a trainer replaces it meanwhile.
struct ModelSnapshot {
  let manifest: ModelManifest
  private let files: [String: ReadableFile]

  /// Opens `required` files and those of `optional` that exist.
  init(of path: String, required: [String], optional: [String]) throws {
    // A replaced directory is emptied, so that a file may go while others are being opened: then start again.
    for _ in 0..<100 {
      let directory = try Self.openDirectory(path)
      defer { close(directory) }
      do {
        let snapshot = try Self(directory: directory, path: path, required: required, optional: optional)
        if Self.stillStands(directory, at: path) {
          self = snapshot
          return
        }
      } catch  where !Self.stillStands(directory, at: path) {
        continue
      }
    }
    throw ModelFileError.damaged(file: path, reason: "it is being replaced all the time")
  }

  private init(directory: Int32, path: String, required: [String], optional: [String]) throws {
    let manifestPath = FilePath.join(path, ModelManifest.fileName)
    guard Self.exists(ModelManifest.fileName, in: directory) else {
      throw ModelFileError.notAModel(path: path, reason: "it has no \(ModelManifest.fileName)")
    }
    let json = try ReadableFile(manifestPath, name: ModelManifest.fileName, in: directory).readAll()
    manifest = try ModelManifest(json: json, path: manifestPath)
    var files: [String: ReadableFile] = [:]
    for name in required + optional.filter({ Self.exists($0, in: directory) }) {
      files[name] = try ReadableFile(FilePath.join(path, name), name: name, in: directory)
    }
    self.files = files
  }

  /// An open file; `nil` where it is optional and missing.
  func file(_ name: String) -> ReadableFile? { files[name] }

  private static func openDirectory(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor < 0 else { return descriptor }
    switch errno {
    case ENOENT: throw ModelFileError.notAModel(path: path, reason: "there is no such directory")
    case ENOTDIR: throw ModelFileError.notAModel(path: path, reason: "it is not a directory")
    default: throw ModelFileError.readFailed(path: path, errno: errno)
    }
  }

  private static func exists(_ name: String, in directory: Int32) -> Bool {
    var info = stat()
    return fstatat(directory, name, &info, 0) == 0 || errno != ENOENT
  }

  private static func stillStands(_ directory: Int32, at path: String) -> Bool {
    var info = stat()
    guard fstat(directory, &info) == 0, let status = FilePath.status(path) else { return false }
    return status.device == UInt64(truncatingIfNeeded: info.st_dev)
      && status.inode == UInt64(truncatingIfNeeded: info.st_ino)
  }
}
