/// One file to read, wherever it is.
struct InputFile: Sendable {
  /// Where its bytes come from.
  let origin: any FileOrigin
  /// How messages name it.
  let name: String
  /// Its size where it is known beforehand.
  let size: Int?
  /// Changes with its content; empty where that cannot be known.
  var version = ""

  /// Its name from everywhere: `s3://bucket/key`, or a path from the root without links.
  var fullName: String { S3Location.holds(name) ? name : FilePath.resolved(name) }

  /// The files of some locations, in that order.
  static func files(at locations: [Location]) throws(RatingsIOError) -> [InputFile] {
    var files: [InputFile] = []
    for location in locations {
      let found = try Storages.kind(of: location.text).files(at: location.text)
      if found.isEmpty { throw .noRatingFiles(directory: location.text) }
      files += found
    }
    return files
  }

  /// The one file at a location.
  static func file(at location: Location) throws(RatingsIOError) -> InputFile {
    try Storages.kind(of: location.text).file(at: location.text)
  }

  /// Opens the file in a format, or in the one that its first bytes tell.
  func open(options: ReadOptions) throws(RatingsIOError) -> OpenedInput {
    switch options.format {
    case .npz: return .matrix(try SciPyMatrix(self, options: options))
    case .npy: return .matrix(try NumPyTable(self, options: options))
    case nil:
      let file = try FileSource(self)
      let magic = try file.peek(4)
      if magic.elementsEqual([0x50, 0x4b, 3, 4]) { return .matrix(try SciPyMatrix(self, options: options)) }
      if magic.elementsEqual([0x93, 0x4e, 0x55, 0x4d]) { return .matrix(try NumPyTable(self, options: options)) }
      return .text(try decompressed(file, magic: magic))
    default:
      let file = try FileSource(self)
      return .text(try decompressed(file, magic: try file.peek(4)))
    }
  }

  /// The bytes of the file, decompressed if they are compressed.
  private func decompressed(_ file: FileSource, magic: [UInt8]) throws(RatingsIOError) -> any ByteSource {
    if magic.elementsEqual("PAR1".utf8) { throw .parquet(file: name) }
    if magic.starts(with: [0x1f, 0x8b]) { return try GzipSource(file) }
    if magic.elementsEqual([0x28, 0xb5, 0x2f, 0xfd]) { return try ZstdSource(file) }
    // A skippable frame, as pzstd puts at the start.
    if magic.count == 4, magic[0] & 0xf0 == 0x50, magic.dropFirst().elementsEqual([0x2a, 0x4d, 0x18]) {
      return try ZstdSource(file)
    }
    for (ending, form) in [(".gz", "gzip"), (".zst", "zstd")] where name.hasSuffix(ending) {
      if magic.count < 4 { throw .truncated(file: name, form: form) }
      throw .corrupt(file: name, form: form, detail: "it does not begin as such data do")
    }
    return file
  }
}
