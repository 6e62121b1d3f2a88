/// Reads changes of ratings one by one, as they come from a stream: messages of the AWS Database Migration Service, or plain objects,
/// `{"user":…,"item":…,"rating":…}`, that may say `"operation":"delete"`.
///
/// Keys, ids and numbers are those of files: a message gives the ids and the rating that the same row of a file gives.
public struct ChangeMessageReader: Sendable {
  private let columns: ColumnSelection?
  private let ratingMap: [RatingRule]
  private let dropItems: Set<String>
  private let table: String?
  /// The message that is read; escapes are resolved in place.
  private var bytes: [UInt8] = []

  /// Reads keys of these names, or looks for them message by message.
  ///
  /// - Parameters:
  ///   - columns: names of keys; a key has no position.
  ///   - ratingMap: values that are no ratings. A pair whose rating has become one that is dropped has none any more.
  ///   - dropItems: items whose messages are passed over.
  ///   - table: the table, `table` or `schema.table`, whose messages matter; those of DMS about others are passed over. `nil`: all.
  public init(
    columns: ColumnSelection? = nil, ratingMap: [RatingRule] = [], dropItems: Set<String> = [], table: String? = nil
  ) {
    self.columns = columns
    self.ratingMap = ratingMap
    self.dropItems = dropItems
    self.table = table
  }

  /// Reads a message: UTF-8, in one line or several.
  ///
  /// - Returns: `nil` for a control record, for another table, and for an item that is dropped.
  /// - Throws: ``RowFault``: what is wrong with the message.
  public mutating func read(_ message: [UInt8]) throws(RowFault) -> ChangeMessage? {
    let blanks: [UInt8] = [32, 9, 10, 13]
    guard let start = message.firstIndex(where: { !blanks.contains($0) }), message[start] == UInt8(ascii: "{") else {
      throw .notAMessage(found: Self.excerpt(message))
    }
    let keys = try JSONLines.keys(of: message)
    let layout: MessageKeys
    if Self.isOfDMS(keys) {
      let outline = try DMSMessages.Outline(message)
      if let table, table != outline.table, table != "\(outline.schema).\(outline.table)" { return nil }
      layout = try MessageKeys(ofDMS: outline.keys, columns: columns)
    } else {
      layout = try MessageKeys(keys, columns: columns)
    }
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: message)
    let change: ChangeMessage?
    do throws(RowFault) {
      change = try bytes.withUnsafeMutableBufferPointer { [ratingMap] bytes throws(RowFault) in
        try Self.change(bytes, layout, ratingMap)
      }
    } catch {
      throw layout.syntax.named(error)
    }
    return change.flatMap { dropItems.contains($0.item) ? nil : $0 }
  }

  /// Whether a message is one of DMS, by its keys. A plain one may have a key of either name, too.
  private static func isOfDMS(_ keys: [String]) -> Bool {
    guard keys.contains("metadata") else { return false }
    return keys.contains("data") || keys.contains("control") || !keys.contains { ColumnNames.role(of: $0) == .user }
  }

  private static func change(
    _ line: UnsafeMutableBufferPointer<UInt8>, _ layout: MessageKeys, _ ratingMap: [RatingRule]
  ) throws(RowFault) -> ChangeMessage? {
    guard let base = line.baseAddress else { return nil }
    var fields = [Field](repeating: Field(start: base, count: 0), count: layout.columnCount)
    let found = try fields.withUnsafeMutableBufferPointer { fields throws(RowFault) in
      try layout.syntax.split(line, into: fields.baseAddress!, limit: fields.count)
    }
    guard found > 0 else { return nil }
    var rating: Float?
    if ChangeOperation(letter: fields[layout.operation]) != .delete {
      var value: Float? = 1
      if let column = layout.rating { value = try NumberParser.float(fields[column], column: column + 1) }
      if let rule = ratingMap.first(where: { $0.value == value }) { value = rule.replacement }
      rating = value
    }
    let (user, item) = (fields[layout.user], fields[layout.item])
    try IDTable.check(user, column: layout.user + 1)
    try IDTable.check(item, column: layout.item + 1)
    return ChangeMessage(
      user: user.text, item: item.text, rating: rating, time: layout.time.flatMap { TimeParser.time(fields[$0]) })
  }

  private static func excerpt(_ message: [UInt8]) -> String {
    message.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { Field(start: $0, count: bytes.count).excerpt } ?? ""
    }
  }
}
