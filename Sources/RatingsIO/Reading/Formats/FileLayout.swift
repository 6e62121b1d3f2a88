/// Syntax, columns and header of one file.
struct FileLayout {
  /// What the rows of a file are.
  enum Content {
    /// User, item and mostly a rating.
    case ratings
    /// User and item, other columns do not matter.
    case pairs
    /// An id, other columns do not matter.
    case ids
    /// An id (in the place of the user) and a name (in that of the item).
    case names

    /// Whether rows are pairs of user and item.
    var isRated: Bool { self == .ratings || self == .pairs }
  }

  /// How its rows split.
  var syntax: any RowSyntax = TabSeparated()
  /// Columns, counted from 0; `rating` is −1 where there is none, `time` where it does not matter.
  var user = 0
  var item = 1
  var rating = -1
  var time = -1
  /// The column that says what a row does, I, U or D; −1 where rows are ratings and nothing else.
  var operation = -1
  /// Whether the first rows do not tell if there are ratings.
  var isRatingUndecided = false
  /// What lies before the first row of data: byte order mark, blank lines, header.
  var headerBytes = 0
  var headerLines = 0
  /// How many rows there are, where the file says so.
  var entryCount: Int?

  /// Number of columns that every row must have.
  var columnCount: Int { max(user, item, rating, time, operation) + 1 }

  init() {}

  /// Finds out the layout from the first lines of a file; `nil` where there are no rows.
  init?(
    lookingAt head: ArraySlice<UInt8>, content: Content = .ratings, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    if [[0x50, 0x4b, 3, 4], [0x93, 0x4e, 0x55, 0x4d]].contains(where: head.starts) {
      throw .matrixFromStream(file: file)
    }
    guard !head.contains(0) else { throw .binary(file: file) }
    let start = head
    let head = HeadRows(start, format: options.format)
    guard !head.rows.isEmpty else { return nil }
    headerBytes = head.markBytes
    switch head.format {
    case .jsonl?, .dmsJSON?:
      if content.isRated, head.format == .dmsJSON || options.format == nil && DMSMessages.areLikely(head.lines) {
        try findMessageKeys(head, content: content, file: file, options: options)
      } else {
        try findKeys(head, content: content, file: file, options: options)
      }
    case .matrixMarket?:
      try findEntries(start, markBytes: head.markBytes, content: content, file: file, options: options)
    case .dmsCSV? where content.isRated, .csv? where content.isRated && options.format == nil:
      syntax = CommaSeparated()
      let shape = DMSColumns(head, file: file, isGiven: options.format == .dmsCSV)
      try findColumns(head, behind: shape, content: content, file: file, options: options)
    case let format?:
      syntax = format.delimitedSyntax ?? syntax
      try findColumns(head, content: content, file: file, options: options)
    case nil where content == .ids: try findColumns(head, content: content, file: file, options: options)
    case nil: throw .unknownFormat(file: file)
    }
  }

  /// Finds the columns and the header of a file of delimited columns.
  private mutating func findColumns(
    _ head: HeadRows, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    let hasHeader =
      switch content {
      case .ratings, .pairs: try findRatings(head, columns: options.columns, file: file)
      case .ids: findIDs(head.rows[0])
      case .names: findNames(head.rows[0])
      }
    if content == .pairs { rating = -1 }
    if content == .ratings, options.needsTimes { time = try Self.timeColumn(head, options.columns, file: file) }
    if hasHeader {
      headerBytes = head.firstRowBytes
      headerLines = head.firstRowLines
    }
  }

  /// Finds the columns of ratings; returns whether the first row is a header.
  ///
  /// - Parameter leading: columns of the file before those of the rows, for the message.
  mutating func findRatings(
    _ head: HeadRows, columns: ColumnSelection?, file: String, leading: Int = 0
  ) throws(RatingsIOError) -> Bool {
    let first = head.rows[0]
    if let columns {
      user = try Self.position(of: columns.user, in: first, file: file)
      item = try Self.position(of: columns.item, in: first, file: file)
      if let column = columns.rating { rating = try Self.position(of: column, in: first, file: file) }
      if let column = columns.timestamp {
        let expected = try Self.position(of: column, in: first, file: file) + 1
        guard first.count >= expected else {
          throw .malformedRow(
            file: file, line: head.firstRowLines,
            fault: .missingColumns(expected: expected + leading, found: first.count + leading))
        }
      }
      return columns.needsHeader || looksLikeHeader(first, before: head.rows.dropFirst())
    }
    if let named = Self.columnsByName(first) {
      (user, item, rating) = named
      return true
    }
    rating = head.rows.contains { $0.count > 2 } ? 2 : -1
    return looksLikeHeader(first, before: head.rows.dropFirst())
  }

  /// The column of times: the one that is asked for, else that of such a name, else the fourth.
  static func timeColumn(
    _ head: HeadRows, _ columns: ColumnSelection?, file: String
  ) throws(RatingsIOError) -> Int {
    if let column = columns?.timestamp { return try position(of: column, in: head.rows[0], file: file) }
    if let named = head.rows[0].firstIndex(where: { ColumnNames.role(of: $0.text) == .timestamp }) { return named }
    guard columns == nil,
      head.rows.dropFirst(head.rows.count > 1 ? 1 : 0).allSatisfy({ row in
        row.count > 3 && TimeRange.time(of: row[3].text) != nil
      })
    else { throw .noTimes(file: file) }
    return 3
  }

  private mutating func findIDs(_ first: [HeadRows.Column]) -> Bool {
    item = user
    let role = first.first.flatMap { ColumnNames.role(of: $0.text) }
    return role == .user || role == .item
  }

  private mutating func findNames(_ first: [HeadRows.Column]) -> Bool {
    let roles = first.map { ColumnNames.role(of: $0.text) }
    guard let id = roles.firstIndex(of: .item) ?? first.firstIndex(where: { $0.text.lowercased() == "id" }),
      let name = roles.firstIndex(of: .itemName) ?? first.indices.first(where: { $0 != id })
    else { return false }
    // An item may be called "Movie": a header has it in place of the id, or names the name too.
    guard id == 0 || roles[name] == .itemName else { return false }
    (user, item) = (id, name)
    return true
  }

  /// Users, items and ratings by the names in a header; `nil` where it does not name users and items.
  static func columnsByName(_ header: [HeadRows.Column]) -> (user: Int, item: Int, rating: Int)? {
    let roles = header.map { ColumnNames.role(of: $0.text) }
    guard let user = roles.firstIndex(of: .user), let item = roles.firstIndex(of: .item) else { return nil }
    // A rating may go by any name, but a column before the ids, or one that is called like a key, is none.
    let unnamed = roles.indices.first { column in
      roles[column] == nil && column > max(user, item)
        && !["", "id", "index", "key"].contains(header[column].text.lowercased())
    }
    return (user, item, roles.firstIndex(of: .rating) ?? unnamed ?? -1)
  }

  /// Whether the first row names columns: known names, or no number where ratings follow. Ids that are numbers do not
  /// stand in a header, so a bad first rating is not taken for one.
  private func looksLikeHeader(_ first: [HeadRows.Column], before rows: ArraySlice<[HeadRows.Column]>) -> Bool {
    guard first.count > max(user, item), !first[user].isInteger, !first[item].isInteger else { return false }
    if ColumnNames.role(of: first[user].text) != nil && ColumnNames.role(of: first[item].text) != nil { return true }
    guard rating >= 0, first.count > rating, !first[rating].isNumber, !first[rating].text.isEmpty else { return false }
    return rows.contains { $0.count > rating && $0[rating].isNumber }
  }

  private static func position(
    of column: ColumnSelection.Column, in header: [HeadRows.Column], file: String
  ) throws(RatingsIOError) -> Int {
    switch column {
    case .position(let position):
      return position - 1
    case .name(let name):
      if let exact = header.firstIndex(where: { $0.text == name }) { return exact }
      let wanted = name.lowercased()
      if let close = header.firstIndex(where: { $0.text.lowercased() == wanted }) { return close }
      throw .unknownColumn(file: file, name: name, available: header.map(\.text))
    }
  }
}
