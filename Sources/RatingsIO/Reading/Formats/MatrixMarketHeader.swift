/// What stands before the entries of a Matrix Market file: the banner, comments, and the size of the matrix.
struct MatrixMarketHeader {
  /// Whether entries have no values.
  private(set) var isPattern = false
  /// Rows, columns and entries.
  private(set) var (rowCount, columnCount, entryCount) = (0, 0, 0)
  /// What it takes in the file.
  private(set) var (bytes, lines) = (0, 0)

  private static let banner = "%%matrixmarket"

  /// Whether a line is the first one of such a file.
  static func begins(_ line: [UInt8]) -> Bool {
    String(decoding: line.prefix(banner.utf8.count), as: UTF8.self).lowercased() == banner
  }

  /// Reads it from the start of a file.
  ///
  /// - Throws: ``RatingsIOError`` where it is malformed, or the matrix is of a kind that holds no ratings.
  init(_ head: ArraySlice<UInt8>, file: String) throws(RatingsIOError) {
    var isFirst = true
    var start = head.startIndex
    var size: [String] = []
    while start < head.endIndex, size.isEmpty {
      let end = head[start...].firstIndex(of: UInt8(ascii: "\n")) ?? head.endIndex
      let text = String(decoding: head[start..<end], as: UTF8.self)
      start = min(end + 1, head.endIndex)
      lines += 1
      bytes = start - head.startIndex
      let words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
      if words.isEmpty || (!isFirst && words[0].hasPrefix("%")) { continue }
      if isFirst {
        try readBanner(words.map { $0.lowercased() }, file: file, line: lines)
        isFirst = false
      } else {
        size = words
      }
    }
    try readSize(size, file: file, line: size.isEmpty ? lines + 1 : lines)
  }

  private mutating func readBanner(_ words: [String], file: String, line: Int) throws(RatingsIOError) {
    guard words.count == 5, words[0] == Self.banner, words[1] == "matrix" else {
      throw .malformedRow(file: file, line: line, fault: .noMatrixBanner(found: words.joined(separator: " ")))
    }
    guard words[2] == "coordinate" else {
      throw .unsupportedMatrix(
        file: file, kind: words[2],
        remedy: "in Python, scipy.io.mmwrite(file, scipy.sparse.coo_matrix(matrix)) writes entries alone")
    }
    guard ["real", "integer", "pattern"].contains(words[3]) else {
      throw .unsupportedMatrix(file: file, kind: words[3], remedy: "ratings are real or integer, or a pattern")
    }
    guard words[4] == "general" else {
      throw .unsupportedMatrix(
        file: file, kind: words[4],
        remedy:
          "if its rows are users and its columns items all the same, scipy.io.mmwrite(…, symmetry=\"general\") in Python"
          + " writes all entries")
    }
    isPattern = words[3] == "pattern"
  }

  private mutating func readSize(_ words: [String], file: String, line: Int) throws(RatingsIOError) {
    let numbers = words.compactMap { Int($0) }
    guard words.count == 3, numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }) else {
      throw .malformedRow(file: file, line: line, fault: .noMatrixSize(found: words.joined(separator: " ")))
    }
    (rowCount, columnCount, entryCount) = (numbers[0], numbers[1], numbers[2])
  }
}
