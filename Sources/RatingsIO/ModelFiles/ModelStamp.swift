#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What tells one state of a model from another without reading it.
package struct ModelStamp: Sendable, Equatable {
  private let version: String
  /// When it was written, in seconds since 1970.
  package let written: Double?

  /// That of an object in S3.
  init(_ record: S3Object) {
    version = record.tag
    written = record.modified.flatMap(TimeRange.time)
  }

  /// That of a file.
  init?(file path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    version = "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
    written = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension ModelDirectory {
  /// That of the model as it stands now; `nil` if there is none.
  ///
  /// - Throws: ``ModelFileError`` where the place cannot be asked.
  package func stamp() throws -> ModelStamp? {
    guard let remote else { return ModelStamp(file: FilePath.join(path, ModelManifest.fileName)) }
    do {
      return try S3Storage.head(remote.place.appending(ModelManifest.fileName)).map(ModelStamp.init)
    } catch {
      throw ModelFileError.s3(error)
    }
  }
}
