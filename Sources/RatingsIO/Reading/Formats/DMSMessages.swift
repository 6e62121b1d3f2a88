/// Changes as the AWS Database Migration Service sends them to streams, one JSON object per line: `data` holds the row, `metadata`
/// the operation. Its columns are the values of some keys of `data`, and behind them three of `metadata`.
///
/// Control records, which tell of tables, are no rows.
struct DMSMessages: RowSyntax {
  /// The keys of `data` that matter.
  let data: JSONKeys
  /// Of ``data``, the columns that every row must have that deletes nothing.
  private let required: UInt
  /// The column of ratings, where a row without one counts 1.
  private let optionalRating: Int?
  let metadata = JSONKeys([("record-type", .any), ("timestamp", .any), ("operation", .any)])

  /// - Parameter optionalRating: the column of ratings, where it is not known whether there are any.
  init(_ data: JSONKeys, optionalRating: Int? = nil) {
    self.data = data
    self.optionalRating = optionalRating
    required = data.all & ~(optionalRating.map { 1 << UInt($0) } ?? 0)
  }

  /// Columns of a message: when it was committed, and what it does.
  var timestamp: Int { data.count + 1 }
  var operation: Int { data.count + 2 }

  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    guard let base = line.baseAddress else { return 0 }
    var scanner = JSONScanner(line, from: base)
    guard scanner.next() == UInt8(ascii: "{") else { throw JSONLines.notAnObject(line) }
    for column in data.count...operation { fields[column] = Field(start: UnsafePointer(base), count: 0) }
    var (faults, ignored) = (JSONKeys.Faults(), JSONKeys.Faults())
    var (inData, inMetadata): (UInt?, UInt?)
    try scanner.object { scanner, key throws(RowFault) in
      let isObject = scanner.next() == UInt8(ascii: "{")
      if isObject, key.equals("data") {
        faults = JSONKeys.Faults()
        inData = try data.read(&scanner, into: fields, faults: &faults)
      } else if isObject, key.equals("metadata") {
        inMetadata = try metadata.read(&scanner, into: fields + data.count, faults: &ignored)
      } else {
        try scanner.skipValue()
      }
    }
    try scanner.expectEnd()
    guard let inMetadata else { throw .missingKey("metadata") }
    if inMetadata & 1 != 0, fields[data.count].equals("control") { return 0 }
    guard let inData else { throw .missingKey("data") }
    guard inMetadata & 4 != 0 else { throw .missingKey("operation") }
    try check(fields, found: inData, faults: faults)
    return operation + 1
  }

  /// Checks what must be there, and puts the letter of the operation in its place.
  @inline(__always)
  private func check(
    _ fields: UnsafeMutablePointer<Field>, found: UInt, faults: JSONKeys.Faults
  ) throws(RowFault) {
    switch ChangeOperation(word: fields[operation].text) {
    case nil:
      throw .notAnOperation(
        column: operation + 1, known: ChangeOperation.words, found: fields[operation].excerpt)
    case .delete?:
      // Of a row that goes, its key is all that is sent for sure.
      if let fault = faults.ofID { throw data.rowFault(fault) }
      let missing = data.ids & ~found
      if missing != 0 { throw .missingKey(data.names[missing.trailingZeroBitCount]) }
      fields[operation] = Field("D")
    case .upsert?:
      if let fault = faults.first { throw data.rowFault(fault) }
      let missing = required & ~found
      if missing != 0 { throw .missingKey(data.names[missing.trailingZeroBitCount]) }
      if let optionalRating, found >> UInt(optionalRating) & 1 == 0 { fields[optionalRating] = Field("1") }
      fields[operation] = Field("U")
    }
  }

  func named(_ fault: RowFault) -> RowFault { fault.of(keys: data.names + metadata.names) }

  /// Whether lines are messages, all of those that are JSON objects.
  static func areLikely(_ lines: [[UInt8]]) -> Bool {
    let objects = lines.filter { (try? JSONLines.keys(of: $0)) != nil }
    return !objects.isEmpty && objects.allSatisfy { (try? Outline($0)) != nil }
  }
}
