/// A file of changes as it was listed, in commit order.
public struct ChangeFile: Sendable {
  /// Its path or key below the location; its own name where the location is one file.
  public let name: String
  /// Changes with its content: the ETag of an object in S3, size and time of the last change of a local file.
  public let version: String
  /// Its size, where it is known beforehand.
  public let bytes: Int?
  let file: InputFile

  /// The file's name from everywhere: `s3://bucket/key`, or a path from the root without links.
  package var fullName: String { file.fullName }

  /// Whether the changes of a file were committed before those of another, by their full names.
  package static func precedes(_ first: String, _ second: String) -> Bool { CommitOrder.precedes(first, second) }

  /// What tells whether a full name is that of a file at a location, whether it is there or not.
  package static func membership(of location: Location) -> (_ fullName: String) -> Bool {
    let place = S3Location.holds(location.text) ? location.text : FilePath.resolved(location.text)
    let prefix = place.hasSuffix("/") ? place : place + "/"
    return { $0 == place || $0.hasPrefix(prefix) }
  }

  /// The files of changes at a location, in the order in which their changes were committed: full loads of DMS by their counters,
  /// then its changes by the times in their names, whatever folders they are in, then all others in the order of their names.
  ///
  /// Empty where there are none yet: a directory without files, or objects that are yet to come.
  ///
  /// - Throws: ``RatingsIOError``, also for a directory or a bucket that is missing.
  public static func list(at location: Location) throws(RatingsIOError) -> [ChangeFile] {
    let files: [InputFile]
    do throws(RatingsIOError) {
      files = try InputFile.files(at: [location])
    } catch .noRatingFiles, .s3(.noObject) {
      return []
    }
    return files.map { file in
      var name = file.name[...]
      if name.hasPrefix(location.text) { name = name.dropFirst(location.text.count).drop { $0 == "/" } }
      if name.isEmpty { name = FilePath.name(of: file.name)[...] }
      return ChangeFile(name: String(name), version: file.version, bytes: file.size, file: file)
    }
  }
}
