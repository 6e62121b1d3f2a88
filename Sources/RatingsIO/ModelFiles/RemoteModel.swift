import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model directory in S3. Objects there cannot be exchanged together, so `model.json`, which is written last, holds the check sums of
/// the other files: a reader that comes in between sees that they do not fit, and waits.
struct RemoteModel {
  let place: S3Location

  /// How often a reader looks again, a second apart, while a model is being replaced.
  private static let mostAttempts = 10

  /// Whether a model is there.
  func exists() throws(S3Error) -> Bool {
    try !S3Storage.list(place.appending(ModelManifest.fileName)).isEmpty
  }

  /// Checks that there is a place to write to, and that it holds nothing but a model.
  func checkWritable() throws {
    let names: [String]
    do throws(S3Error) {
      names = try S3Storage.list(S3Location(bucket: place.bucket, key: place.prefix)).map {
        String($0.place.key.dropFirst(place.prefix.count))
      }
    } catch {
      throw ModelFileError.s3(error)
    }
    guard names.isEmpty || names.contains(ModelManifest.fileName) || names == [""] else {
      throw ModelFileError.wouldReplace(path: place.description, what: "holds other objects and no gpuals model")
    }
  }

  /// Fetches some files, and calls `body` with the directory that holds them.
  ///
  /// - Parameter names: those that are fetched where they exist, beside `model.json`.
  func withCopy<Result>(of names: [String], _ body: (ModelDirectory) throws -> Result) throws -> Result {
    for attempt in 1... {
      do {
        let copy = try fetch(names)
        defer { withExtendedLifetime(copy) {} }
        return try body(ModelDirectory(copy.path))
      } catch is BeingReplaced where attempt < Self.mostAttempts {
        usleep(1_000_000)
      } catch is BeingReplaced {
        throw ModelFileError.damaged(
          file: place.description,
          reason: "its files do not fit each other: it is being replaced, or was left half-written")
      } catch let error as ModelFileError {
        throw renamed(error)
      }
    }
    throw ModelFileError.incompleteModel(reason: "")
  }

  private struct BeingReplaced: Error {}

  private func fetch(_ names: [String]) throws -> TemporaryDirectory {
    let directory: TemporaryDirectory
    do {
      directory = try TemporaryDirectory()
      guard try exists() else {
        throw ModelFileError.notAModel(path: place.description, reason: "it has no \(ModelManifest.fileName)")
      }
      let source = S3Location(bucket: place.bucket, key: place.prefix).description
      let wanted = names + [ModelManifest.fileName]
      try S3Command.run(
        ["s3", "cp", "--recursive", "--only-show-errors", "--exclude", "*"] + wanted.flatMap { ["--include", $0] }
          + [source, directory.path], place: place.description)
    } catch let error as S3Error {
      throw ModelFileError.s3(error)
    }
    let manifest = try ModelDirectory(directory.path).loadManifest()
    for (name, sum) in manifest.files ?? [:] where names.contains(name) {
      guard let file = try? ReadableFile(FilePath.join(directory.path, name)), let bytes = try? file.readAll(),
        Self.checkSum(of: bytes) == sum
      else { throw BeingReplaced() }
    }
    return directory
  }

  /// Puts a model that was saved on this machine in its place.
  ///
  /// - Parameter save: saves it to a directory.
  func replace(_ save: (ModelDirectory) throws -> Void) throws {
    try checkWritable()
    do {
      let staging = try TemporaryDirectory()
      let local = ModelDirectory(FilePath.join(staging.path, "model"))
      try save(local)
      let names = (FilePath.entries(of: local.path) ?? []).filter { $0 != ModelManifest.fileName }
      var manifest = try local.loadManifest()
      manifest.files = try Dictionary(
        uniqueKeysWithValues: names.map { name in
          (name, Self.checkSum(of: try ReadableFile(FilePath.join(local.path, name)).readAll()))
        })
      let record = FilePath.join(staging.path, ModelManifest.fileName)
      let file = try WritableFile(creating: record)
      try file.write(try manifest.encoded())
      try file.finish()
      try S3Upload.files(names, of: local.path, below: place)
      try S3Upload.file(record, to: place.appending(ModelManifest.fileName))
      // What the new model has no use for: names, biases or ratings of the one before.
      let there = try S3Storage.list(S3Location(bucket: place.bucket, key: place.prefix)).map {
        String($0.place.key.dropFirst(place.prefix.count))
      }
      let stale = there.filter { ModelFileName.all.contains($0) && $0 != ModelManifest.fileName && !names.contains($0) }
      try S3Upload.remove(stale, below: place)
    } catch let error as S3Error {
      throw ModelFileError.s3(error)
    } catch let error as ModelFileError {
      throw renamed(error)
    }
  }

  private static func checkSum(of bytes: [UInt8]) -> String {
    let digits = String(bytes.withUnsafeBytes { CRC32.concurrently(of: $0) }, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The same error about the place in S3, in place of the copy here.
  private func renamed(_ error: ModelFileError) -> ModelFileError {
    func original(_ path: String) -> String {
      let name = FilePath.name(of: path)
      return ModelFileName.all.contains(name) ? place.appending(name).description : place.description
    }
    return switch error {
    case .damaged(let file, let reason): .damaged(file: original(file), reason: reason)
    case .notAModel(_, let reason): .notAModel(path: place.description, reason: reason)
    case .newerFormat(let file, let version, let supported):
      .newerFormat(file: original(file), version: version, supported: supported)
    default: error
    }
  }
}
