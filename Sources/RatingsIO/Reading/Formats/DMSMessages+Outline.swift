extension DMSMessages {
  /// What a message is, without its values.
  struct Outline {
    /// The keys of `data`; none of a control record.
    private(set) var keys: [String] = []
    /// Whether it is a row that has all its columns.
    private(set) var isUpsert = false
    /// The table and its schema; empty where the message does not say.
    private(set) var table = ""
    private(set) var schema = ""

    private static let metadata = JSONKeys([
      ("record-type", .any), ("operation", .any), ("schema-name", .any), ("table-name", .any),
    ])

    /// Looks at a line.
    ///
    /// - Throws: The fault of a line that is no message.
    init(_ line: [UInt8]) throws(RowFault) {
      var line = line
      var fields = [Field](repeating: Field(""), count: Self.metadata.count)
      try line.withUnsafeMutableBufferPointer { line throws(RowFault) in
        try fields.withUnsafeMutableBufferPointer { fields throws(RowFault) in
          guard let base = line.baseAddress, let fields = fields.baseAddress else { return }
          try look(at: line, from: base, fields)
        }
      }
    }

    private mutating func look(
      at line: UnsafeMutableBufferPointer<UInt8>, from base: UnsafeMutablePointer<UInt8>,
      _ fields: UnsafeMutablePointer<Field>
    ) throws(RowFault) {
      var scanner = JSONScanner(line, from: base)
      guard scanner.next() == UInt8(ascii: "{") else { throw JSONLines.notAnObject(line) }
      var faults = JSONKeys.Faults()
      var (hasData, hasMetadata) = (false, false)
      var found: [String] = []
      try scanner.object { scanner, key throws(RowFault) in
        let isObject = scanner.next() == UInt8(ascii: "{")
        if isObject, key.equals("data") {
          hasData = true
          found = try JSONKeys.names(&scanner)
        } else if isObject, key.equals("metadata") {
          hasMetadata = true
          _ = try Self.metadata.read(&scanner, into: fields, faults: &faults)
        } else {
          try scanner.skipValue()
        }
      }
      try scanner.expectEnd()
      guard hasMetadata else { throw .missingKey("metadata") }
      (schema, table) = (fields[2].text, fields[3].text)
      if fields[0].equals("control") { return }
      guard hasData else { throw .missingKey("data") }
      keys = found
      isUpsert = ChangeOperation(word: fields[1].text) == .upsert
    }
  }
}
