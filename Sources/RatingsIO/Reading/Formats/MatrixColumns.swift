/// Which way round a matrix is read, and whether its values are: `--columns` takes its rows for column 1, its columns for 2
/// and its values for 3.
struct MatrixColumns {
  /// Whether users are its columns, and items its rows.
  var isTransposed = false
  /// Whether its values are the ratings; else each entry counts 1.
  var hasRatings = true

  /// As the options say; without a word, users are rows, items columns, and values ratings where there are some.
  init(_ selection: ColumnSelection?, hasValues: Bool, file: String) throws(RatingsIOError) {
    hasRatings = hasValues
    guard let selection else { return }
    switch (selection.user, selection.item) {
    case (.position(1), .position(2)): isTransposed = false
    case (.position(2), .position(1)): isTransposed = true
    default: throw .matrixColumns(file: file)
    }
    guard selection.timestamp == nil, selection.rating == nil || selection.rating == .position(3) else {
      throw .matrixColumns(file: file)
    }
    hasRatings = hasValues && selection.rating != nil
  }
}
