/// Reads rows of user and item, in the order of the file: what `predict` is asked about.
public struct PairsReader: Sendable {
  private let format: RatingsFormat?
  private let columns: ColumnSelection?

  /// Reads in a format and with columns that are given, or looks at the file where they are `nil`. Columns beyond user
  /// and item are passed over.
  public init(format: RatingsFormat? = nil, columns: ColumnSelection? = nil) {
    self.format = format
    self.columns = columns.map { ColumnSelection(user: $0.user, item: $0.item) }
  }

  /// All pairs of a file, ids as text. About 32 bytes per pair while ids are at most 15 bytes long.
  ///
  /// - Throws: ``RatingsIOError``: a malformed row with its line, a file without rows.
  public func read(_ location: Location) throws(RatingsIOError) -> [(user: String, item: String)] {
    var pairs: [(user: String, item: String)] = []
    try forEach(in: location) { user, item in
      pairs.append((String(decoding: user, as: UTF8.self), String(decoding: item, as: UTF8.self)))
    }
    return pairs
  }

  /// Calls `body` with the UTF-8 of the ids of each pair, in order, without holding more than a block of the file.
  ///
  /// - Throws: ``RatingsIOError``: a malformed row with its line, a file without rows.
  public func forEach(
    in location: Location, _ body: (_ user: UnsafeBufferPointer<UInt8>, _ item: UnsafeBufferPointer<UInt8>) -> Void
  ) throws(RatingsIOError) {
    let reader = RowReader(location: location, format: format, columns: columns, content: .pairs)
    var isEmpty = true
    try reader.forEachRow { user, item, layout, _ throws(RowFault) in
      try IDTable.check(user, column: layout.user + 1)
      try IDTable.check(item, column: layout.item + 1)
      isEmpty = false
      body(user.bytes, item.bytes)
    }
    if isEmpty { throw .noRows(files: [location.description]) }
  }
}
