/// Where to read from: a file, a directory, or standard input.
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

  /// How messages name it.
  public var description: String { isStandardInput ? "standard input" : text }
}
