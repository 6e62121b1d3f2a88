/// Where to read from: a file, a directory, a place in S3 (`s3://bucket/key`), or standard input.
public struct Location: Sendable, Hashable, CustomStringConvertible {
  /// As it was given: a path, or `-`.
  public let text: String

  /// A path, or `-` for standard input.
  public init(_ text: String) {
    self.text = text
  }

  /// Whether it is standard input.
  public var isStandardInput: Bool { text == "-" }

  /// Checks that there is something to read, without reading: before hours of other work.
  ///
  /// - Parameter isOneFile: whether a directory will not do.
  /// - Throws: ``RatingsIOError`` as readers would.
  public func checkReadable(asOneFile isOneFile: Bool = false) throws(RatingsIOError) {
    if isOneFile { _ = try InputFile.file(at: self) } else { _ = try InputFile.files(at: [self]) }
  }

  /// All bytes of the one file there, as they are; `nil` if there is none.
  ///
  /// - Throws: ``RatingsIOError`` where it cannot be read.
  package func contents() throws -> [UInt8]? {
    let file: InputFile
    do {
      file = try InputFile.file(at: self)
    } catch RatingsIOError.notFound {
      return nil
    } catch RatingsIOError.s3(.noObject) {
      return nil
    }
    return try file.origin.file(named: file.name)?.readAll()
  }

  /// How messages name it.
  public var description: String { isStandardInput ? "standard input" : text }
}
