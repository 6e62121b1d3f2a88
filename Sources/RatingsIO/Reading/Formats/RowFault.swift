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
  /// A line has no end within a sensible length.
  case lineTooLong(bytes: Int)
}

extension RowFault: CustomStringConvertible {
  /// The fault in words, without file and line.
  public var description: String {
    switch self {
    case .missingColumns(let expected, let found):
      "expected \(expected) columns, found \(found)"
    case .notANumber(let column, let found):
      "expected a number in column \(column), found \"\(found)\""
    case .notATime(let column, let found):
      "expected a time in column \(column), a number or a date like 2011-04-30 23:59:59, found \"\(found)\""
    case .notFinite(let column, let found):
      "expected a finite number in column \(column), found \"\(found)\""
    case .overflow(let column, let found):
      "the number in column \(column) is beyond 32-bit floating point: \"\(found)\""
    case .emptyID(let column):
      "expected an id in column \(column), found nothing"
    case .invalidUTF8(let column):
      "the id in column \(column) is not valid UTF-8"
    case .nulByte(let column):
      "the id in column \(column) holds a NUL byte: is this a text file?"
    case .unclosedQuote(let column):
      "the quoted field in column \(column) does not end on its line"
    case .textAfterQuote(let column):
      "text follows the closing quote in column \(column)"
    case .lineTooLong(let bytes):
      "no end of line within \(bytes) bytes: is this a text file?"
    }
  }
}
