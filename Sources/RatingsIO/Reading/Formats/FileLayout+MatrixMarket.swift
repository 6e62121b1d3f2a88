extension FileLayout {
  /// Takes the layout from the header of a Matrix Market file.
  mutating func findEntries(
    _ head: ArraySlice<UInt8>, markBytes: Int, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    guard content == .ratings || content == .pairs else { throw .matrixForList(file: file) }
    if options.needsTimes, content == .ratings { throw .noTimes(file: file) }
    let header = try MatrixMarketHeader(head.dropFirst(markBytes), file: file)
    let columns = try MatrixColumns(options.columns, hasValues: !header.isPattern, file: file)
    syntax = MatrixMarket(size: (header.rowCount, header.columnCount), columnCount: header.isPattern ? 2 : 3)
    if columns.isTransposed { (user, item) = (1, 0) }
    if columns.hasRatings, content == .ratings { rating = 2 }
    headerBytes = markBytes + header.bytes
    headerLines = header.lines
    entryCount = header.entryCount
  }
}
