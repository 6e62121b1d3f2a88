/// The form of a result: which syntax, and whether it is compressed. Files name it by their ending.
public struct TableForm: Sendable, Hashable {
  /// How rows are written.
  public enum Syntax: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated values with a header (RFC 4180, lines end with a line feed).
    case csv
    /// Tab-separated values with a header, without quoting: tabs and line breaks in values become spaces.
    case tsv
    /// One JSON object per line.
    case jsonl
  }

  /// How rows are written.
  public var syntax: Syntax
  /// Whether the bytes are compressed with gzip.
  public var isCompressed: Bool

  /// Gives both.
  public init(_ syntax: Syntax, isCompressed: Bool = false) {
    self.syntax = syntax
    self.isCompressed = isCompressed
  }

  /// The endings that ``init(path:)`` knows.
  public static var endings: [String] {
    Syntax.allCases.map { ".\($0.rawValue)" } + Syntax.allCases.map { ".\($0.rawValue).gz" }
  }

  /// The form that the ending of a file's name tells, in upper or lower case. Standard output (`-`) and paths below `/dev`
  /// are CSV.
  ///
  /// - Throws: ``ModelFileError/unknownEnding(path:endings:)``.
  public init(path: String) throws {
    var name = FilePath.name(of: path).lowercased()
    let isCompressed = name.hasSuffix(".gz")
    if isCompressed { name.removeLast(3) }
    if let syntax = Syntax.allCases.first(where: { name.hasSuffix(".\($0.rawValue)") }) {
      self.init(syntax, isCompressed: isCompressed)
    } else if path == "-" || path.hasPrefix("/dev/") {
      self.init(.csv)
    } else {
      throw ModelFileError.unknownEnding(path: path, endings: Self.endings)
    }
  }
}
