/// What the name of a file tells of what the AWS Database Migration Service wrote into it, and when.
enum DMSFileName {
  /// A part of a full load: `LOAD00000001.csv`; its number in hexadecimal digits, upper case.
  case fullLoad(counter: String)
  /// Changes, by the time of the first of them: `20141029-1134010000.csv`.
  case changes(time: String)

  /// - Parameter path: of a file; `nil` where its last part is no such name.
  init?(path: String) {
    var name = FilePath.name(of: path)[...]
    for ending in [".gz", ".zst"] where name.hasSuffix(ending) { name = name.dropLast(ending.count) }
    guard name.hasSuffix(".csv") || name.hasSuffix(".parquet"), let point = name.lastIndex(of: ".") else { return nil }
    let stem = name[..<point]
    if stem.hasPrefix("LOAD") {
      let counter = stem.dropFirst(4)
      guard !counter.isEmpty, counter.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
      self = .fullLoad(counter: counter.uppercased())
      return
    }
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    func isDigits(_ text: Substring) -> Bool { text.allSatisfy { $0.isASCII && $0.isNumber } }
    // Day, and time of day with fractions of a second.
    guard parts.count == 2, parts[0].count == 8, parts[1].count >= 6, parts.allSatisfy(isDigits) else { return nil }
    self = .changes(time: String(stem))
  }

  var isFullLoad: Bool { if case .fullLoad = self { true } else { false } }
}
