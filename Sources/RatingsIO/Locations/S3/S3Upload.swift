#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts files into S3. An object appears whole or not at all, whatever happens on the way.
enum S3Upload {
  /// Puts one file in the place of an object.
  static func file(_ path: String, to place: S3Location) throws(S3Error) {
    try S3Command.run(
      ["s3", "cp", "--only-show-errors", path, place.description], place: place.description)
  }

  /// Puts some files of a directory below a place, several at once.
  static func files(_ names: [String], of directory: String, below place: S3Location) throws(S3Error) {
    guard !names.isEmpty else { return }
    let target = S3Location(bucket: place.bucket, key: place.prefix)
    try S3Command.run(
      ["s3", "cp", "--recursive", "--only-show-errors", "--exclude", "*"] + names.flatMap { ["--include", $0] }
        + [directory, target.description], place: place.description)
  }

  /// Removes all objects below a place.
  static func removeAll(below place: S3Location) throws(S3Error) {
    try S3Command.run(["s3", "rm", "--recursive", "--only-show-errors", place.description], place: place.description)
  }

  /// Removes objects below a place.
  static func remove(_ names: [String], below place: S3Location) throws(S3Error) {
    for name in names {
      let object = place.appending(name).description
      try S3Command.run(["s3", "rm", "--only-show-errors", object], place: object)
    }
  }
}
