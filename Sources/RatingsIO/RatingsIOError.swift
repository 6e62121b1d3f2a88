/// Every failure of reading ratings, ids and names. Cases are facts; ``description`` words them and names the remedy.
public enum RatingsIOError: Error, Sendable, Equatable {
  /// What sort of failure it is; a program turns it into its exit code.
  public enum Kind: Sendable {
    /// The input was read and is wrong (sysexits 65).
    case badData
    /// There is no such input, or it may not be read (66).
    case noInput
    /// An option does not make sense (64).
    case usage
    /// The operating system failed in the middle of reading (74).
    case ioError
    /// An output cannot be created (73).
    case cannotWrite
    /// Something that is needed is not available (69).
    case unavailable
  }

  /// There is no file or directory of this name.
  case notFound(file: String)
  /// The name of the file is not UTF-8; it is given with replacement characters.
  case nameNotUTF8(String)
  /// The file may not be opened; `status` is the system's error number.
  case unreadable(file: String, status: Int32)
  /// A directory stands where a file is expected.
  case isDirectory(file: String)
  /// A directory that holds no file to read.
  case noRatingFiles(directory: String)
  /// A location of a kind that cannot be read, such as an unknown URL scheme.
  case unsupportedLocation(String)
  /// The system failed while a file was being read.
  case readFailed(file: String, status: Int32)
  /// A place in S3 cannot be read.
  case s3(S3Error)
  /// A row that is not a rating.
  case malformedRow(file: String, line: Int, fault: RowFault)
  /// More than one row in a hundred is malformed.
  case tooManyMalformedRows(count: Int, rows: Int, first: String)
  /// Compressed data end too early.
  case truncated(file: String, form: String)
  /// Compressed data that do not decompress; `detail` is the decompressor's word.
  case corrupt(file: String, form: String, detail: String)
  /// The file is not text.
  case binary(file: String)
  /// The first rows hold none of the known delimiters.
  case unknownFormat(file: String)
  /// One file has a rating column and another has none; they are hardly the same sort of file.
  case mixedRatingColumns(with: String, without: String)
  /// A column was asked for by a name that the header does not hold.
  case unknownColumn(file: String, name: String, available: [String])
  /// A column was asked for by a name that none of the first JSON objects has.
  case unknownKey(file: String, name: String, available: [String])
  /// A column of JSON objects was asked for by position.
  case keysHaveNoPosition(file: String, available: [String])
  /// No key of the first JSON objects tells by its name that it holds what is needed.
  case noKey(file: String, what: String, available: [String])
  /// A matrix of a kind that does not hold ratings.
  case unsupportedMatrix(file: String, kind: String, remedy: String)
  /// A file of NumPy or SciPy that is damaged, or that does not hold what it should.
  case badMatrix(file: String, reason: String)
  /// A file of NumPy or SciPy comes through a pipe, or compressed as a whole.
  case matrixFromStream(file: String)
  /// An entry that is not a rating; entries count from 0, as in Python.
  case malformedEntry(file: String, entry: Int, fault: RowFault)
  /// A column was asked for that an array does not have.
  case unknownField(file: String, name: String, available: [String])
  /// No field of a record tells by its name that it holds what is needed.
  case noField(file: String, what: String, available: [String])
  /// A matrix does not have as many entries as it says.
  case entryCount(file: String, expected: Int, found: Int)
  /// A matrix stands where a list of ids or names is expected.
  case matrixForList(file: String)
  /// The columns of a matrix were asked for in a way that it does not have.
  case matrixColumns(file: String)
  /// A list does not name every row of a model.
  case rowIDs(file: String, expected: Int, found: Int)
  /// Times of ratings are needed, and a file has no column of them.
  case noTimes(file: String)
  /// An option's value is wrong.
  case invalidOption(name: String, value: String, requirement: String)
  /// There are no rows in any of the files.
  case noRows(files: [String])
  /// A pair is rated more than once, and that is not allowed.
  case duplicate(user: String, item: String, ratings: Int)
  /// Rows with operations replay what happened, and another policy than the last operation's was asked for.
  case duplicatesOfChanges(file: String, policy: DuplicatePolicy)
  /// A file of Apache Parquet.
  case parquet(file: String)
  /// The sum of a pair's ratings overflows.
  case duplicateSumOverflow(user: String, item: String)
  /// More ids on one side than rows can be numbered.
  case tooManyIDs(side: String, count: Int)
  /// Text is not in the encoding that was asked for.
  case invalidEncoding(file: String, line: Int, encoding: TextEncoding)
}

extension RatingsIOError {
  /// The sort of failure.
  public var kind: Kind {
    switch self {
    case .notFound, .nameNotUTF8, .unreadable, .isDirectory, .noRatingFiles: .noInput
    case .unsupportedLocation, .unknownColumn, .unknownKey, .keysHaveNoPosition, .matrixColumns, .unknownField,
      .matrixFromStream, .noTimes,
      .invalidOption, .duplicatesOfChanges:
      .usage
    case .readFailed: .ioError
    case .s3(let error):
      switch error.kind {
      case .usage: .usage
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .ioError: .ioError
      }
    case .malformedRow, .tooManyMalformedRows, .truncated, .corrupt, .binary, .unknownFormat, .noKey,
      .noField, .unsupportedMatrix, .badMatrix, .malformedEntry, .entryCount, .rowIDs, .matrixForList,
      .mixedRatingColumns, .noRows, .parquet, .duplicate, .duplicateSumOverflow, .tooManyIDs, .invalidEncoding:
      .badData
    }
  }
}

extension RatingsIOError {
  /// Whether trying again later may help.
  package var mayPass: Bool {
    switch self {
    case .s3(.unreachable), .s3(.brokenTransfer), .s3(.changed), .s3(.failed): true
    default: false
    }
  }
}

extension RatingsIOError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .notFound(let file):
      return "\(file): there is no such file or directory"
    case .nameNotUTF8(let file):
      return "\(file): the name of the file is not UTF-8, so it cannot be opened: rename it,"
        + " or pass its content through standard input (-)"
    case .unreadable(let file, let status):
      return "\(file): cannot be opened for reading: \(SystemStatus.text(status))"
    case .isDirectory(let file):
      return "\(file): is a directory, but one file is expected"
    case .noRatingFiles(let directory):
      return "\(directory): the directory holds no rating files (names that start with \".\" or \"_\" are not read)"
    case .unsupportedLocation(let text):
      return "\(text): only files, directories, places in S3 (s3://bucket/key) and - (standard input) can be read"
    case .readFailed(let file, let status):
      return "\(file): reading failed: \(SystemStatus.text(status))"
    case .s3(let error):
      return "\(error)"
    case .malformedRow(let file, let line, let fault):
      return "\(file):\(line): \(fault)"
    case .tooManyMalformedRows(let count, let rows, let first):
      return "\(count) of \(rows) rows are malformed, more than one in a hundred; the first: \(first)"
    case .truncated(let file, let form):
      return "\(file): the \(form) data end too early: the file is incomplete, copy or download it again"
    case .corrupt(let file, let form, let detail):
      return "\(file): not valid \(form) data (\(detail)): copy or download the file again"
    case .binary(let file):
      return "\(file): is not a text file (it holds NUL bytes)"
    case .unknownFormat(let file):
      return "\(file): the rows have only one column: columns are told apart by a tab, a comma or \"::\""
        + " (say which with --format)"
    case .mixedRatingColumns(let with, let without):
      return "\(without): has no rating column, but \(with) has one: leave out what holds no ratings"
        + " (or choose the columns of all files with --columns)"
    case .unknownColumn(let file, let name, let available):
      return "\(file): there is no column \"\(name)\" in its first row, which holds \(Self.list(available))"
        + " (--columns takes names or positions, such as 1,2,3)"
    case .unknownKey(let file, let name, let available):
      return "\(file): none of its first objects has a key \"\(name)\"; they have \(Self.list(available))"
    case .keysHaveNoPosition(let file, let available):
      return "\(file): the columns of JSON objects have no positions: give --columns names, of \(Self.list(available))"
    case .noKey(let file, let what, let available):
      return "\(file): none of the keys of its first objects, \(Self.list(available)), tells that it holds \(what)"
        + " (say which with --columns)"
    case .unsupportedMatrix(let file, let kind, let remedy):
      return "\(file): a matrix that is \(kind) cannot be read as ratings: \(remedy)"
    case .badMatrix(let file, let reason):
      return "\(file): \(reason)"
    case .matrixFromStream(let file):
      return "\(file): files of NumPy and SciPy (.npy, .npz) cannot be read through a pipe or compressed as a whole:"
        + " give a plain file"
    case .malformedEntry(let file, let entry, let fault):
      return "\(file): entry \(entry), counted from 0: \(fault)"
    case .unknownField(let file, let name, let available):
      return "\(file): there is no column \"\(name)\" in the array, which has \(Self.list(available))"
    case .noField(let file, let what, let available):
      return
        "\(file): none of the fields \(Self.list(available)) tells that it holds \(what) (say which with --columns)"
    case .entryCount(let file, let expected, let found):
      return "\(file): its header says \(expected) entries, but there are \(found)"
        + (found < expected ? ": the file is incomplete, copy or download it again" : "")
    case .matrixForList(let file):
      return "\(file): is a matrix, but lines of text are expected here"
    case .matrixColumns(let file):
      return
        "\(file): the columns of a matrix are 1 (its rows), 2 (its columns) and 3 (its values): --columns 2,1,3 takes"
        + " its columns for users, and 1,2 leaves out its values"
    case .rowIDs(let file, let expected, let found):
      return
        "\(file): holds \(found) ids, but the model has \(expected) rows: one id a line, in row order, without a header"
    case .noTimes(let file):
      return "\(file): has no column of times that could be found: name it with --columns user,item,rating,timestamp"
    case .invalidOption(let name, let value, let requirement):
      return "--\(name) \(value): must be \(requirement)"
    case .noRows(let files):
      return "\(files.joined(separator: ", ")): no ratings: the input is empty"
    case .duplicate(let user, let item, let ratings):
      return "user \(user) rates item \(item) \(ratings) times: choose with --duplicates last, sum, mean or keep"
    case .duplicatesOfChanges(let file, let policy):
      return
        "\(file): its rows are operations (I, U, D), of which the last one of a pair counts: leave out --duplicates"
        + " \(policy.rawValue), or give --duplicates last (--format csv takes the operations for an ordinary column)"
    case .parquet(let file):
      return
        "\(file): is a Parquet file, and only text is read: let DMS write CSV by DataFormat=csv in the settings of its"
        + " S3 target, or write CSV in Python by pandas.read_parquet(…).to_csv(…)"
    case .duplicateSumOverflow(let user, let item):
      return "the ratings of user \(user) for item \(item) add up to more than 32-bit floating point holds:"
        + " choose another --duplicates"
    case .tooManyIDs(let side, let count):
      return "\(count) different \(side)s are more than the \(Int32.max) that a model can hold"
    case .invalidEncoding(let file, let line, let encoding):
      return "\(file):\(line): not valid \(encoding.rawValue) text: choose with --encoding"
    }
  }
  /// Names as a sentence takes them, not too many.
  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "nothing" }
    let limit = 30
    return names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > limit ? ", …" : "")
  }
}

extension RatingsIOError {
  /// What went wrong while a file of NumPy or SciPy was read.
  init(reading file: String, _ error: any Error) {
    switch error {
    case let error as RatingsIOError: self = error
    case ModelFileError.damaged(_, let reason): self = .badMatrix(file: file, reason: reason)
    case ModelFileError.readFailed(_, let status): self = .readFailed(file: file, status: status)
    default: self = .badMatrix(file: file, reason: "\(error)")
    }
  }
}
