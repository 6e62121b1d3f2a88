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

  /// How messages name it.
  public var description: String { isStandardInput ? "standard input" : text }
}
