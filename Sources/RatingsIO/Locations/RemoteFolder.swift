/// A directory of any files in S3, for what is read and written here: it is fetched first, or put there last.
package enum RemoteFolder {
  /// Whether a path names a place in S3.
  package static func holds(_ path: String) -> Bool { S3Location.holds(path) }

  /// Fetches all files below a place.
  ///
  /// - Returns: a directory with them, which goes with the last who holds it.
  /// - Throws: ``ModelFileError/s3(_:)``, also where nothing is there.
  package static func fetch(_ path: String) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    do throws(S3Error) {
      let place = try S3Location(path)
      let folder = S3Location(bucket: place.bucket, key: place.prefix)
      guard try !S3Storage.list(folder).isEmpty else { throw .noObject(place: path) }
      try S3Command.run(
        ["s3", "cp", "--recursive", "--only-show-errors", folder.description, directory.path], place: path)
    } catch {
      throw ModelFileError.s3(error)
    }
    return directory
  }

  /// Checks that nothing is below a place: objects cannot be replaced together, and files of two writers would be taken for one.
  ///
  /// - Throws: ``ModelFileError/wouldReplace(path:what:)``, ``ModelFileError/s3(_:)``.
  package static func checkEmpty(_ path: String) throws {
    let isEmpty: Bool
    do throws(S3Error) {
      let place = try S3Location(path)
      isEmpty = try S3Storage.list(S3Location(bucket: place.bucket, key: place.prefix)).isEmpty
    } catch {
      throw ModelFileError.s3(error)
    }
    guard isEmpty else {
      throw ModelFileError.wouldReplace(path: path, what: "holds objects already, which cannot be replaced in one step")
    }
  }

  /// Puts a directory below a place.
  ///
  /// - Parameters:
  ///   - directory: what is put there, with all that is in it.
  ///   - path: the place.
  ///   - last: the directory in it that readers look for first: it comes when all else is there.
  /// - Throws: ``ModelFileError/s3(_:)``.
  package static func put(_ directory: String, at path: String, last: String) throws {
    do throws(S3Error) {
      let place = try S3Location(path)
      let folder = S3Location(bucket: place.bucket, key: place.prefix)
      for selection in [["--exclude", "\(last)/*"], ["--exclude", "*", "--include", "\(last)/*"]] {
        try S3Command.run(
          ["s3", "cp", "--recursive", "--only-show-errors"] + selection + [directory, folder.description], place: path)
      }
    } catch {
      throw ModelFileError.s3(error)
    }
  }
}
