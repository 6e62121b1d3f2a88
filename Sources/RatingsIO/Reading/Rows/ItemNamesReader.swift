/// Reads the names of items: rows of id and name, in any of the formats of ratings.
public enum ItemNamesReader {
  /// The names in a file.
  ///
  /// - Parameters:
  ///   - location: a file, or standard input.
  ///   - format: `nil` looks at the file. In TSV and `::` files quotes belong to the name.
  ///   - encoding: `nil` takes the file for UTF-8 if all of it is, else for Windows-1252.
  /// - Throws: ``RatingsIOError``: a malformed row or wrong encoding with its line, a file without rows.
  public static func read(
    _ location: Location, format: RatingsFormat? = nil, encoding: TextEncoding? = nil
  ) throws(RatingsIOError) -> ItemNames {
    let reader = RowReader(location: location, format: format, columns: nil, content: .names)
    // Ids and names in turn; the encoding may show only in the last.
    var texts: [[UInt8]] = []
    var firstInvalidLine: Int?
    try reader.forEachRow { id, name, layout, line throws(RowFault) in
      guard id.count > 0 else { throw .emptyID(column: layout.user + 1) }
      if firstInvalidLine == nil, !TextDecoder.isUTF8(id.bytes) || !TextDecoder.isUTF8(name.bytes) {
        firstInvalidLine = line
      }
      texts.append(Array(id.bytes))
      texts.append(Array(name.bytes))
    }
    guard !texts.isEmpty else { throw .noRows(files: [location.description]) }
    if let firstInvalidLine, encoding == .utf8 {
      throw .invalidEncoding(file: location.description, line: firstInvalidLine, encoding: .utf8)
    }
    let found = encoding ?? (firstInvalidLine == nil ? .utf8 : .windows1252)
    var names = ItemNames()
    for entry in stride(from: 0, to: texts.count, by: 2) {
      names.append(
        id: TextDecoder.decode(texts[entry], as: found), name: TextDecoder.decode(texts[entry + 1], as: found))
    }
    return names
  }
}
