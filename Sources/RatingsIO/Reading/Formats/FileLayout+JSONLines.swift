extension FileLayout {
  /// Finds the keys that matter from the first rows of a file of JSON objects. Their values become columns in the order
  /// user, item, rating, time; an id and a name; or the id alone.
  mutating func findKeys(
    _ head: HeadRows, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    let keys = try Self.keys(of: head, file: file)
    var wanted: [(key: String, role: JSONLines.Role)] = []
    func add(_ key: String, _ role: JSONLines.Role) -> Int {
      if let column = wanted.firstIndex(where: { $0.key == key }) { return column }
      wanted.append((key, role))
      return wanted.count - 1
    }
    func key(of role: ColumnNames.Role) -> String? { keys.first { ColumnNames.role(of: $0) == role } }
    func required(_ key: String?, _ what: String) throws(RatingsIOError) -> String {
      guard let key else { throw .noKey(file: file, what: what, available: keys) }
      return key
    }
    let plainID = keys.first { $0.lowercased() == "id" }

    switch content {
    case .ids:
      user = add(try required(key(of: .user) ?? key(of: .item) ?? plainID, "the ids"), .id)
      item = user
    case .names:
      user = add(try required(key(of: .item) ?? plainID, "the items"), .id)
      item = add(try required(key(of: .itemName), "the names"), .name)
    case .ratings, .pairs:
      let columns = options.columns
      func chosen(_ column: ColumnSelection.Column?) throws(RatingsIOError) -> String? {
        guard let column else { return nil }
        return try Self.key(column, in: keys, file: file)
      }
      user = add(try required(try chosen(columns?.user) ?? key(of: .user), "the users"), .id)
      item = add(try required(try chosen(columns?.item) ?? key(of: .item), "the items"), .id)
      let ratings = try columns == nil ? key(of: .rating) : chosen(columns?.rating)
      if content == .ratings, let ratings { rating = add(ratings, .rating) }
      let times = try chosen(columns?.timestamp)
      if content == .ratings, options.needsTimes {
        guard let times = times ?? key(of: .timestamp) else { throw .noTimes(file: file) }
        time = add(times, .time)
      }
    }
    syntax = JSONLines(wanted)
  }

  /// The keys of the first rows in the order of their appearance; rows that are malformed are left to the parser, but one
  /// must not be.
  private static func keys(of head: HeadRows, file: String) throws(RatingsIOError) -> [String] {
    var keys: [String] = []
    var firstFault: RowFault?
    var hasRow = false
    for line in head.lines {
      do throws(RowFault) {
        for key in try JSONLines.keys(of: line) where !keys.contains(key) { keys.append(key) }
        hasRow = true
      } catch {
        firstFault = firstFault ?? error
      }
    }
    if let firstFault, !hasRow { throw .malformedRow(file: file, line: head.firstRowLines, fault: firstFault) }
    return keys
  }

  private static func key(
    _ column: ColumnSelection.Column, in keys: [String], file: String
  ) throws(RatingsIOError) -> String {
    switch column {
    case .position: throw .keysHaveNoPosition(file: file, available: keys)
    case .name(let name):
      let wanted = name.lowercased()
      guard let key = keys.first(where: { $0 == name }) ?? keys.first(where: { $0.lowercased() == wanted }) else {
        throw .unknownKey(file: file, name: name, available: keys)
      }
      return key
    }
  }
}
