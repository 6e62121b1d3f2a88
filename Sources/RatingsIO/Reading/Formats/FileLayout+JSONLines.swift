extension FileLayout {
  /// Finds the keys that matter from the first rows of a file of JSON objects. Their values become columns in the order
  /// user, item, rating, time; an id and a name; or the id alone.
  mutating func findKeys(
    _ head: HeadRows, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    let keys = try Self.keys(of: head, file: file)
    var choice = KeyChoice(keys: keys, file: file)
    switch content {
    case .ids:
      user = choice.add(
        try choice.required(choice.key(of: .user) ?? choice.key(of: .item) ?? choice.plainID, "the ids"), .id)
      item = user
    case .names:
      user = choice.add(try choice.required(choice.key(of: .item) ?? choice.plainID, "the items"), .id)
      item = choice.add(try choice.required(choice.key(of: .itemName), "the names"), .name)
    case .ratings, .pairs:
      try findRatings(among: &choice, content: content, columns: options.columns)
      if content == .ratings, options.needsTimes {
        guard let times = try choice.chosen(options.columns?.timestamp) ?? choice.key(of: .timestamp) else {
          throw .noTimes(file: file)
        }
        time = choice.add(times, .time)
      }
    }
    syntax = JSONLines(choice.result)
  }

  /// Finds the keys that matter from the first messages of DMS. Where none of those has all its columns, as a deletion has not,
  /// columns that do not show are left to the rows.
  mutating func findMessageKeys(
    _ head: HeadRows, content: Content, file: String, options: ReadOptions
  ) throws(RatingsIOError) {
    var keys: [String] = []
    var firstFault: RowFault?
    var (hasMessage, hasUpsert) = (false, false)
    for line in head.lines {
      do throws(RowFault) {
        let outline = try DMSMessages.Outline(line)
        hasMessage = true
        hasUpsert = hasUpsert || outline.isUpsert
        for key in outline.keys where !keys.contains(key) { keys.append(key) }
      } catch {
        firstFault = firstFault ?? error
      }
    }
    if let firstFault, !hasMessage {
      throw .malformedRow(file: file, line: head.firstRowLines, fault: firstFault)
    }
    var choice = KeyChoice(keys: keys, file: file, isComplete: hasUpsert)
    try findRatings(among: &choice, content: content, columns: options.columns)
    let times = try choice.chosen(options.columns?.timestamp) ?? choice.key(of: .timestamp)
    let needsTimes = content == .ratings && options.needsTimes
    if needsTimes, let times { time = choice.add(times, .time) }
    isRatingUndecided = choice.undecided.contains { $0.role == .rating }
    let messages = DMSMessages(choice.result, optionalRating: isRatingUndecided ? rating : nil)
    // Every message has the time at which it was committed.
    if needsTimes, times == nil { time = messages.timestamp }
    operation = messages.operation
    syntax = messages
  }

  private mutating func findRatings(
    among choice: inout KeyChoice, content: Content, columns: ColumnSelection?
  ) throws(RatingsIOError) {
    user = try choice.addID(.user, columns?.user, "the users")
    item = try choice.addID(.item, columns?.item, "the items")
    guard content == .ratings else { return }
    if let key = try columns == nil ? choice.key(of: .rating) : choice.chosen(columns?.rating) {
      rating = choice.add(key, .rating)
    } else if columns == nil, !choice.isComplete {
      rating = choice.addUndecided(.rating, "rating", .rating)
    }
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
}
