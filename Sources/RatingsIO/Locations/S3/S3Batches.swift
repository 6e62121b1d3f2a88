import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Many small objects, fetched some hundred at a time by one run of the client, which has ten transfers under way at once; while one
/// batch is read, the next is fetched. To start the client for every object would take longer than to receive it.
final class S3Batches: Sendable {
  private let place: S3Location
  private let batches: [[S3Object]]
  /// The batch of an object, by its key.
  private let numbers: [String: Int]
  private let fetches = Mutex<[Int: Fetch]>([:])

  /// A batch on its way.
  private struct Fetch {
    var directory: TemporaryDirectory
    var command: S3Command
  }

  /// Objects up to this size are fetched in batches; larger ones are worth a client of their own, and are streamed.
  static let mostObjectBytes = 16 << 20
  private static let mostBatchBytes = 128 << 20
  private static let mostObjects = 200

  /// - Parameter place: what all keys begin with.
  init(_ objects: [S3Object], below place: S3Location) {
    self.place = place
    var batches: [[S3Object]] = []
    var numbers: [String: Int] = [:]
    var bytes = 0
    for object in objects where Self.canBeBatched(object, below: place) {
      if batches.isEmpty || bytes + object.size > Self.mostBatchBytes
        || batches[batches.count - 1].count >= Self.mostObjects
      {
        batches.append([])
        bytes = 0
      }
      bytes += object.size
      numbers[object.place.key] = batches.count - 1
      batches[batches.count - 1].append(object)
    }
    // One alone gains nothing.
    self.batches = batches
    self.numbers = batches.joined().count > 1 ? numbers : [:]
  }

  /// The same files, of objects only those in batches that are among them, in this order: a listing's own batches hold all others
  /// as well.
  static func gathered(_ files: [InputFile]) -> [InputFile] {
    var listings: [ObjectIdentifier: [S3Object]] = [:]
    for case let object as S3Object in files.map(\.origin) {
      if let batches = object.batches { listings[ObjectIdentifier(batches), default: []].append(object) }
    }
    let gathered = listings.mapValues { objects in
      objects[0].batches.map { S3Batches(objects, below: $0.place) }
    }
    return files.map { file in
      guard var object = file.origin as? S3Object, let batches = object.batches else { return file }
      object.batches = gathered[ObjectIdentifier(batches)] ?? nil
      return InputFile(origin: object, name: file.name, size: file.size, version: file.version)
    }
  }

  /// Names with what patterns give a meaning to, and those that are no names of files here, go by themselves.
  private static func canBeBatched(_ object: S3Object, below place: S3Location) -> Bool {
    let name = object.place.key.dropFirst(place.prefix.count)
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return object.size <= mostObjectBytes && !name.contains(where: { "*?[]!".contains($0) })
      && parts.allSatisfy { !["", ".", ".."].contains($0) && $0.utf8.count < 256 }
  }

  /// A descriptor of an object's bytes; `nil` if it is not in any batch.
  func open(_ object: S3Object) throws(RatingsIOError) -> Int32? {
    guard let number = numbers[object.place.key] else { return nil }
    let fetch = try fetches.withLock { (fetches) throws(RatingsIOError) in
      for next in number...min(number + 1, batches.count - 1) where fetches[next] == nil {
        fetches[next] = try start(next)
      }
      // What lies before has been read.
      for old in fetches.keys where old < number { fetches[old] = nil }
      return fetches[number]
    }
    guard let fetch else { return nil }
    do { try fetch.command.finish() } catch { throw .s3(error) }
    let name = String(object.place.key.dropFirst(place.prefix.count))
    let path = FilePath.join(fetch.directory.path, name)
    let descriptor = systemOpen(path)
    guard descriptor >= 0 else { throw .s3(.changed(place: object.place.description)) }
    // Read once, and gone with its descriptor.
    unlink(path)
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == object.size else {
      close(descriptor)
      throw .s3(.changed(place: object.place.description))
    }
    return descriptor
  }

  private func systemOpen(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #elseif canImport(Musl)
      Musl.open(path, O_RDONLY | O_CLOEXEC)
    #else
      Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #endif
  }

  private func start(_ number: Int) throws(RatingsIOError) -> Fetch {
    let directory = try TemporaryDirectory()
    var arguments = ["s3", "cp", "--recursive", "--only-show-errors", "--exclude", "*"]
    for object in batches[number] {
      arguments += ["--include", String(object.place.key.dropFirst(place.prefix.count))]
    }
    let source = S3Location(bucket: place.bucket, key: place.prefix)
    return Fetch(
      directory: directory,
      command: S3Command.start(arguments + [source.description, directory.path], place: source.description))
  }
}
