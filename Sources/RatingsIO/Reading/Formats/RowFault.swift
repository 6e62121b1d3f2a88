/// What is wrong with a row. Columns count from 1; `found` is the text as it stands, shortened.
public enum RowFault: Error, Sendable, Equatable {
  /// The row has fewer columns than are needed.
  case missingColumns(expected: Int, found: Int)
  /// The rating is no number.
  case notANumber(column: Int, found: String)
  /// The time is neither a number nor a date.
  case notATime(column: Int, found: String)
  /// The rating is NaN or infinite.
  case notFinite(column: Int, found: String)
  /// The rating is a number beyond 32-bit floating point.
  case overflow(column: Int, found: String)
  /// An id is empty.
  case emptyID(column: Int)
  /// An id is not UTF-8.
  case invalidUTF8(column: Int)
  /// An id holds a NUL byte.
  case nulByte(column: Int)
  /// A quoted field does not end on its line.
  case unclosedQuote(column: Int)
  /// Text follows the quote that ends a field.
  case textAfterQuote(column: Int)
  /// An id holds a line end.
  case lineEnd(column: Int)
  /// A line has no end within a sensible length.
  case lineTooLong(bytes: Int)
  /// A line is no JSON object.
  case notAnObject(found: String)
  /// A line is no JSON; the byte counts from 1.
  case invalidJSON(byte: Int, expected: String)
  /// A row lacks a key.
  case missingKey(String)
  /// A value is neither a string nor a whole number.
  case notAnID(column: Int, found: String)
  /// A value is no string.
  case notAName(column: Int, found: String)
  /// The first line of a matrix does not say what it is.
  case noMatrixBanner(found: String)
  /// The size of a matrix is not where it should be.
  case noMatrixSize(found: String)
  /// An index is beyond the size of the matrix.
  case beyondSize(column: Int, limit: Int, found: String)
  /// A row of changes does not say what it does; `known` are the operations that could stand there.
  case notAnOperation(column: Int, known: String, found: String)
  /// A message is no JSON object.
  case notAMessage(found: String)
  /// An id is not a whole number.
  case notWhole(column: Int, found: String)
  /// A fault of a row whose columns go by names.
  indirect case named([String], RowFault)

  /// The same fault, its columns called by these names.
  func of(keys: [String]) -> RowFault { .named(keys, self) }
}

extension RowFault: CustomStringConvertible {
  /// The fault in words, without file and line.
  public var description: String {
    if case .named(let names, let fault) = self {
      return fault.words { names.indices.contains($0 - 1) ? "\"\(names[$0 - 1])\"" : "column \($0)" }
    }
    return words { "column \($0)" }
  }

  private func words(_ place: (_ column: Int) -> String) -> String {
    switch self {
    case .missingColumns(let expected, let found):
      "expected \(expected) columns, found \(found)"
    case .notANumber(let column, let found):
      "expected a number in \(place(column)), found \"\(found)\""
    case .notATime(let column, let found):
      "expected a time in \(place(column)), a number or a date like 2011-04-30 23:59:59, found \"\(found)\""
    case .notFinite(let column, let found):
      "expected a finite number in \(place(column)), found \"\(found)\""
    case .overflow(let column, let found):
      "the number in \(place(column)) is beyond 32-bit floating point: \"\(found)\""
    case .emptyID(let column):
      "expected an id in \(place(column)), found nothing"
    case .invalidUTF8(let column):
      "the id in \(place(column)) is not valid UTF-8"
    case .nulByte(let column):
      "the id in \(place(column)) holds a NUL byte: is this a text file?"
    case .lineEnd(let column):
      "the id in \(place(column)) holds a line end"
    case .unclosedQuote(let column):
      "the quoted field in \(place(column)) does not end on its line"
    case .textAfterQuote(let column):
      "text follows the closing quote in \(place(column))"
    case .lineTooLong(let bytes):
      "no end of line within \(bytes) bytes: is this a text file?"
    case .notAnObject(let found):
      "expected one JSON object in each line, found \"\(found)\" (jq -c makes such lines; of an array, jq -c '.[]')"
    case .invalidJSON(let byte, let expected):
      "not valid JSON: expected \(expected) at byte \(byte)"
    case .missingKey(let key):
      "there is no \"\(key)\" in the object"
    case .notAnID(let column, let found):
      "expected an id in \(place(column)), a string or a whole number, found \"\(found)\""
    case .notAName(let column, let found):
      "expected a name in \(place(column)), a string, found \"\(found)\""
    case .noMatrixBanner(let found):
      "expected \"%%MatrixMarket matrix coordinate real general\" or the like, found \"\(found)\""
    case .noMatrixSize(let found):
      "expected the numbers of rows, columns and entries, found \"\(found)\""
    case .beyondSize(let column, let limit, let found):
      "expected a whole number from 1 to \(limit) in \(place(column)), found \"\(found)\""
    case .notAnOperation(let column, let known, let found):
      "expected an operation, \(known), in \(place(column)), found \"\(found)\""
    case .notAMessage(let found):
      "expected a JSON object with user and item, or one of DMS with data and metadata, found \"\(found)\""
    case .notWhole(let column, let found):
      "expected an id, a whole number, in \(place(column)), found \"\(found)\""
    case .named(_, let fault):
      fault.words(place)
    }
  }
}
