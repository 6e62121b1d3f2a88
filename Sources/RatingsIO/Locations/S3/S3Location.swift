/// A place in Amazon's S3, or in a store that speaks its language: `s3://bucket/key`.
struct S3Location: Sendable, Hashable, CustomStringConvertible {
  /// The name of the bucket.
  var bucket: String
  /// The name of an object, or what the names of objects begin with; may be empty.
  var key: String

  init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// Whether a text begins as such places do.
  static func holds(_ text: String) -> Bool { text.hasPrefix("s3://") }

  /// Takes a text apart.
  ///
  /// - Throws: ``S3Error/noBucketName(_:)``.
  init(_ text: String) throws(S3Error) {
    let rest = text.dropFirst("s3://".count)
    bucket = String(rest.prefix { $0 != "/" })
    key = String(rest.dropFirst(bucket.count + 1))
    guard Self.holds(text), !bucket.isEmpty else { throw .noBucketName(text) }
  }

  var description: String { "s3://\(bucket)/\(key)" }

  /// The place of something below.
  func appending(_ name: String) -> S3Location {
    S3Location(bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key + name : "\(key)/\(name)")
  }

  /// What the names of objects below begin with: the key with a slash behind it, unless it is empty.
  var prefix: String { key.isEmpty || key.hasSuffix("/") ? key : key + "/" }
}
