/// Messages that are JSON objects of user, item and rating, and of an operation where they delete. The operation is the last column.
struct PlainMessages: RowSyntax {
  private let keys: JSONKeys
  private let hasOperation: Bool
  /// The column of the operation, as a letter.
  let operation: Int

  /// - Parameters:
  ///   - columns: all other columns.
  ///   - word: the key of the operation, if there is one.
  init(columns: [(key: String, role: JSONKeys.Role)], operation word: String?) {
    operation = columns.count
    hasOperation = word != nil
    keys = JSONKeys(columns + (word.map { [(key: $0, role: .any)] } ?? []))
  }

  func split(
    _ line: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutablePointer<Field>, limit: Int
  ) throws(RowFault) -> Int {
    guard let base = line.baseAddress else { return 0 }
    var scanner = JSONScanner(line, from: base)
    var faults = JSONKeys.Faults()
    let found = try keys.read(&scanner, into: fields, faults: &faults)
    try scanner.expectEnd()
    let change = hasOperation ? Self.change(fields[operation].text) : .upsert
    guard let change else {
      throw .notAnOperation(column: operation + 1, known: ChangeOperation.words, found: fields[operation].excerpt)
    }
    if let fault = change == .delete ? faults.ofID : faults.first { throw keys.rowFault(fault) }
    let missing = (change == .delete ? keys.ids : keys.all) & ~found
    if missing != 0 { throw .missingKey(keys.names[missing.trailingZeroBitCount]) }
    fields[operation] = change == .delete ? Field("D") : Field("U")
    return operation + 1
  }

  func named(_ fault: RowFault) -> RowFault { fault.of(keys: keys.names) }

  /// A word, or a letter as in CSV files, in any case.
  private static func change(_ text: String) -> ChangeOperation? {
    switch text.lowercased() {
    case "i", "u": .upsert
    case "d": .delete
    case let word: ChangeOperation(word: word)
    }
  }
}
