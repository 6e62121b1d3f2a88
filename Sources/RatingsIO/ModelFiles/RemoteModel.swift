import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model directory in S3. Objects there cannot be exchanged together. So a new model is first put beside the old one whole, below
/// `.next/`, and then copied over it by the store itself. Its record, `model.json`, is written last in both places, and holds the check
/// sums of the other files: a reader that comes in between sees that they do not fit, and takes the one below `.next/`. What a writer
/// that was killed left there whole, the next one puts in its place.
struct RemoteModel {
  let place: S3Location

  /// Where a new model stands until it is in its place. Readers of directories pass over names that begin with a dot.
  private var next: S3Location { S3Location(bucket: place.bucket, key: place.prefix + Self.nextName) }
  private static let nextName = ".next/"

  /// How often a reader looks again, a second apart, while a model is being replaced.
  private static let mostAttempts = 10

  /// Whether a model is there.
  func exists() throws(S3Error) -> Bool {
    let names = try names()
    return names.contains(ModelManifest.fileName) || names.contains(Self.nextName + ModelManifest.fileName)
  }

  /// All objects below the place, by their names from there on.
  private func names() throws(S3Error) -> Set<String> {
    Set(
      try S3Storage.list(S3Location(bucket: place.bucket, key: place.prefix)).map {
        String($0.place.key.dropFirst(place.prefix.count))
      })
  }

  /// Checks that there is a place to write to, and that it holds nothing but a model.
  func checkWritable() throws {
    let names: Set<String>
    do throws(S3Error) { names = try self.names() } catch { throw ModelFileError.s3(error) }
    guard
      names.contains(ModelManifest.fileName) || names.allSatisfy({ $0.isEmpty || $0.hasPrefix(Self.nextName) })
    else { throw ModelFileError.wouldReplace(path: place.description, what: "holds other objects and no gpuals model") }
  }

  /// Fetches some files, and calls `body` with the directory that holds them.
  ///
  /// - Parameter names: those that are fetched where they exist, beside `model.json`.
  func withCopy<Result>(of names: [String], _ body: (ModelDirectory) throws -> Result) throws -> Result {
    for attempt in 1... {
      do {
        let copy =
          try fetch(names, from: S3Location(bucket: place.bucket, key: place.prefix)) ?? fetch(names, from: next)
        guard let copy else {
          guard try exists() else {
            throw ModelFileError.notAModel(path: place.description, reason: "it has no \(ModelManifest.fileName)")
          }
          throw BeingReplaced()
        }
        defer { withExtendedLifetime(copy) {} }
        return try body(ModelDirectory(copy.path))
      } catch is BeingReplaced where attempt < Self.mostAttempts {
        usleep(1_000_000)
      } catch is BeingReplaced {
        throw ModelFileError.damaged(
          file: place.description,
          reason: "its files do not fit each other: it is being replaced, or was left half-written")
      } catch let error as S3Error {
        throw ModelFileError.s3(error)
      } catch let error as ModelFileError {
        throw renamed(error)
      }
    }
    throw ModelFileError.incompleteModel(reason: "")
  }

  private struct BeingReplaced: Error {}

  /// Fetches some files from one of the two places; `nil` where there is no record, or it is that of other files.
  private func fetch(_ names: [String], from source: S3Location) throws -> TemporaryDirectory? {
    let directory = try TemporaryDirectory()
    let wanted = names + [ModelManifest.fileName]
    try S3Command.run(
      ["s3", "cp", "--recursive", "--only-show-errors", "--exclude", "*"] + wanted.flatMap { ["--include", $0] }
        + [source.description, directory.path], place: place.description)
    guard FilePath.status(FilePath.join(directory.path, ModelManifest.fileName)) != nil else { return nil }
    let manifest = try ModelDirectory(directory.path).loadManifest()
    guard let sums = manifest.files else { return directory }
    for name in names {
      let path = FilePath.join(directory.path, name)
      guard let sum = sums[name] else {
        // Left by a model before this one.
        unlink(path)
        continue
      }
      guard let file = try? ReadableFile(path), let bytes = try? file.readAll(), Self.checkSum(of: bytes) == sum else {
        return nil
      }
    }
    return directory
  }

  /// Puts a model that was saved on this machine in its place.
  ///
  /// - Parameter save: saves it to a directory.
  func replace(_ save: (ModelDirectory) throws -> Void) throws {
    try checkWritable()
    do {
      // A writer that was killed may have left the only whole model there.
      let there = try names()
      if there.contains(Self.nextName + ModelManifest.fileName) {
        try putInPlace()
      } else if there.contains(where: { $0.hasPrefix(Self.nextName) }) {
        try S3Upload.removeAll(below: next)
      }
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
      try S3Upload.files(names, of: local.path, below: next)
      try S3Upload.file(record, to: next.appending(ModelManifest.fileName))
      try putInPlace()
    } catch let error as S3Error {
      throw ModelFileError.s3(error)
    } catch let error as ModelFileError {
      throw renamed(error)
    }
  }

  /// Copies the model below `.next/`, which is whole, over the old one, and removes it there.
  private func putInPlace() throws {
    let target = S3Location(bucket: place.bucket, key: place.prefix)
    let copied = Set(
      try S3Storage.list(next).map { String($0.place.key.dropFirst(next.key.count)) })
    try S3Command.run(
      [
        "s3", "cp", "--recursive", "--only-show-errors", "--exclude", ModelManifest.fileName, next.description,
        target.description,
      ], place: place.description)
    try S3Command.run(
      [
        "s3", "cp", "--only-show-errors", next.appending(ModelManifest.fileName).description,
        place.appending(ModelManifest.fileName).description,
      ], place: place.description)
    // What the new model has no use for: names, biases or ratings of the one before.
    let stale = try names().filter { ModelFileName.all.contains($0) && !copied.contains($0) }
    try S3Upload.remove(stale.sorted(), below: place)
    // Its record first: without it what is left is no model.
    try S3Upload.remove([ModelManifest.fileName], below: next)
    try S3Upload.removeAll(below: next)
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
