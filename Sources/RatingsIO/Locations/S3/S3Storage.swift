import FoundationEssentials

/// `s3://bucket/key`: an object, or all objects below it.
struct S3Storage: Storage {
  static func holds(_ text: String) -> Bool { S3Location.holds(text) }

  static func files(at text: String) throws(RatingsIOError) -> [InputFile] {
    do throws(S3Error) {
      let place = try S3Location(text)
      let objects = try objects(at: place)
      return files(objects, at: place)
    } catch {
      throw .s3(error)
    }
  }

  static func file(at text: String) throws(RatingsIOError) -> InputFile {
    let object: S3Object?
    do throws(S3Error) {
      let place = try S3Location(text)
      object = try objects(at: place).first { $0.place == place }
    } catch {
      throw .s3(error)
    }
    guard let object else { throw .isDirectory(file: text) }
    return InputFile(origin: object, name: object.place.description, size: object.size, version: object.version)
  }

  /// The object itself, or else those below it.
  ///
  /// - Throws: ``S3Error/noObject(place:)`` where there are none.
  static func objects(at place: S3Location) throws(S3Error) -> [S3Object] {
    let listed = try list(place)
    let exact = listed.filter { $0.place.key == place.key && !place.key.isEmpty && !place.key.hasSuffix("/") }
    if !exact.isEmpty { return exact }
    // Consoles make empty objects that end with a slash for what they show as a folder.
    let below = listed.filter { $0.place.key.hasPrefix(place.prefix) && !$0.place.key.hasSuffix("/") }
    guard !below.isEmpty else { throw .noObject(place: place.description) }
    return below
  }

  /// What is known of one object; `nil` if it is not there.
  static func head(_ place: S3Location) throws(S3Error) -> S3Object? {
    try list(place).first { $0.place == place }
  }

  /// All objects whose names begin with a key, in the order of their names.
  static func list(_ place: S3Location) throws(S3Error) -> [S3Object] {
    let output = try S3Command.run(
      [
        "s3api", "list-objects-v2", "--bucket", place.bucket, "--prefix", place.key, "--output", "json", "--query",
        "Contents[].{Key: Key, Size: Size, ETag: ETag, LastModified: LastModified}",
      ], place: place.description)
    struct Entry: Decodable {
      var Key: String
      var Size: Int
      var ETag: String
      var LastModified: String?
    }
    // Nothing at all stands for an empty list.
    let entries: [Entry]?
    do {
      entries = output.isEmpty ? [] : try JSONDecoder().decode([Entry]?.self, from: Data(output))
    } catch {
      throw .failed(place: place.description, detail: "the AWS command line interface answered with no list of objects")
    }
    return (entries ?? []).map {
      S3Object(
        place: S3Location(bucket: place.bucket, key: $0.Key), size: $0.Size, tag: $0.ETag, modified: $0.LastModified)
    }
  }

  /// Objects as a directory's files: ordered directory by directory, without hidden ones and models inside.
  private static func files(_ objects: [S3Object], at place: S3Location) -> [InputFile] {
    if let object = objects.first, objects.count == 1, object.place == place {
      return [InputFile(origin: object, name: object.place.description, size: object.size, version: object.version)]
    }
    let start = place.prefix.utf8.count
    let named = objects.map { object in
      (
        object,
        String(decoding: object.place.key.utf8.dropFirst(start), as: UTF8.self).split(
          separator: "/", omittingEmptySubsequences: false)
      )
    }
    // Where a model is: its record and its factors lie side by side.
    let records = Set(
      named.compactMap {
        $0.1.last.map(String.init) == ModelManifest.fileName ? $0.1.dropLast().joined(separator: "/") : nil
      })
    let models = Set(
      named.compactMap { entry -> String? in
        let directory = entry.1.dropLast().joined(separator: "/")
        return entry.1.last.map(String.init) == ModelFileName.itemFactors && records.contains(directory)
          ? directory : nil
      }
    ).subtracting([""])
    let visible = named.filter { entry in
      guard !entry.1.contains(where: { $0.hasPrefix(".") || $0.hasPrefix("_") }) else { return false }
      return !(1..<max(1, entry.1.count)).contains { models.contains(entry.1[..<$0].joined(separator: "/")) }
    }
    let sorted = visible.sorted { first, second in
      first.1.lexicographicallyPrecedes(second.1) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }.map(\.0)
    // Before they are put into batches, which are fetched in this order.
    let ordered = CommitOrder.arranged(sorted) { $0.place.key }
    let batches = S3Batches(ordered, below: place)
    return ordered.map { object in
      var object = object
      object.batches = batches
      return InputFile(origin: object, name: object.place.description, size: object.size, version: object.version)
    }
  }
}
