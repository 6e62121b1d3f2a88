/// A file of changes that is in a model.
public struct AppliedFile: Sendable, Equatable, Codable {
  /// Where it is: `s3://bucket/key`, or a path.
  public var file: String
  /// What its content is told by: the tag of an object in S3, else size and time of modification.
  public var version: String
  /// Rows of it that are in the model: all.
  public var rows: Int

  /// Gives all.
  public init(file: String, version: String, rows: Int) {
    self.file = file
    self.version = version
    self.rows = rows
  }
}
