extension FileLayout {
  /// Finds the columns of a table behind what DMS puts before them.
  mutating func findColumns(
    _ head: HeadRows, behind shape: DMSColumns, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    let first = shape.hasOperation ? 1 : 0
    // Names find their columns, and positions that are given count all behind the operation.
    let countsTime =
      !shape.hasTime || options.columns != nil || Self.columnsByName(head.droppingColumns(first).rows[0]) != nil
    let leading = countsTime ? first : first + 1
    let table = head.droppingColumns(leading)
    let hasHeader =
      try findRatings(table, columns: options.columns, file: file, leading: leading) || shape.namesOperation
    user += leading
    item += leading
    if content == .pairs { rating = -1 }
    if rating >= 0 { rating += leading }
    if content == .ratings, options.needsTimes {
      do {
        time = try Self.timeColumn(table, options.columns, file: file) + leading
      } catch {
        guard shape.hasTime else { throw error }
        time = first
      }
    }
    if shape.hasOperation { operation = 0 }
    if hasHeader {
      headerBytes = head.firstRowBytes
      headerLines = head.firstRowLines
    }
  }
}
