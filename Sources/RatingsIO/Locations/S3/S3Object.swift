#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An object in S3 as it was listed.
struct S3Object: FileOrigin {
  var place: S3Location
  var size: Int
  /// Changes with its content.
  var tag: String
  /// When it was written, as the client says it.
  var modified: String?
  /// Fetches it together with others, if it is one of many small ones.
  var batches: S3Batches?

  /// The tag without its quotes.
  var version: String { tag.filter { $0 != "\"" } }

  func stream(named name: String) throws(RatingsIOError) -> any ByteStream {
    if let batches, let descriptor = try batches.open(self) {
      return DescriptorStream(descriptor, name: name, ownsDescriptor: true)
    }
    return try S3Stream(self)
  }

  func file(named name: String) throws(RatingsIOError) -> ReadableFile? {
    // Read in any order, so it has to be here: in a file without a name, which goes with the process.
    let stream = try stream(named: name)
    let path = TemporaryDirectory.newPath()
    do {
      let copy = try WritableFile(creating: path)
      defer { unlink(path) }
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = try buffer.withUnsafeMutableBytes { (bytes) throws(RatingsIOError) in try stream.read(into: bytes) }
        if count == 0 { break }
        try buffer.withUnsafeBytes { try copy.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      }
      try copy.finish()
      return try ReadableFile(path)
    } catch {
      throw RatingsIOError(reading: name, error)
    }
  }
}
