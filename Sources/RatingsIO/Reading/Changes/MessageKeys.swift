/// Where the parts of one message stand among the columns that its syntax splits it into.
struct MessageKeys {
  private(set) var syntax: any RowSyntax
  private(set) var user = 0
  private(set) var item = 1
  private(set) var rating: Int?
  private(set) var time: Int?
  private(set) var operation: Int

  var columnCount: Int { max(user, item, rating ?? 0, time ?? 0, operation) + 1 }

  /// - Parameter keys: those of `data`.
  init(ofDMS keys: [String], columns: ColumnSelection?) throws(RowFault) {
    // A control record has no data.
    var choice = Choice(keys: keys, isOpen: keys.isEmpty)
    let user = try choice.addID(columns?.user, .user)
    let item = try choice.addID(columns?.item, .item)
    rating = choice.addRating(columns)
    let messages = DMSMessages(JSONKeys(choice.wanted), optionalRating: columns == nil ? rating : nil)
    (self.user, self.item) = (user, item)
    time = messages.timestamp
    operation = messages.operation
    syntax = messages
  }

  /// Those of a plain message.
  init(_ keys: [String], columns: ColumnSelection?) throws(RowFault) {
    var choice = Choice(keys: keys, isOpen: false)
    let user = try choice.addID(columns?.user, .user)
    let item = try choice.addID(columns?.item, .item)
    rating = choice.addRating(columns)
    if let key = choice.chosen(columns?.timestamp) ?? choice.key(of: .timestamp), keys.contains(key) {
      time = choice.add(key, .any)
    }
    let word = keys.first { ["operation", "op"].contains($0.lowercased()) }
    let plain = PlainMessages(columns: choice.wanted, operation: word)
    (self.user, self.item) = (user, item)
    operation = plain.operation
    syntax = plain
  }

  private struct Choice {
    let keys: [String]
    /// Whether keys that are not there matter not.
    let isOpen: Bool
    private(set) var wanted: [(key: String, role: JSONKeys.Role)] = []

    init(keys: [String], isOpen: Bool) {
      self.keys = keys
      self.isOpen = isOpen
    }

    mutating func add(_ key: String, _ role: JSONKeys.Role) -> Int {
      if let column = wanted.firstIndex(where: { $0.key == key }) { return column }
      wanted.append((key, role))
      return wanted.count - 1
    }

    mutating func addID(_ column: ColumnSelection.Column?, _ role: ColumnNames.Role) throws(RowFault) -> Int {
      guard let key = chosen(column) ?? key(of: role) else {
        guard isOpen else { throw .missingKey("\(role)") }
        return add("\(role)", .id)
      }
      return add(key, .id)
    }

    /// Without a word, the key of such a name, if there is one; else what is asked for, and nothing if that is nothing.
    mutating func addRating(_ columns: ColumnSelection?) -> Int? {
      let key = columns == nil ? key(of: .rating) : chosen(columns?.rating)
      return key.map { add($0, .rating) }
    }

    func key(of role: ColumnNames.Role) -> String? { keys.first { ColumnNames.role(of: $0) == role } }

    /// The key that is asked for, as it stands in the message if it is there.
    func chosen(_ column: ColumnSelection.Column?) -> String? {
      switch column {
      case nil: return nil
      // No key is called so: the message will be said to lack it.
      case .position(let position)?: return "column \(position)"
      case .name(let name)?:
        let wanted = name.lowercased()
        return keys.first { $0 == name } ?? keys.first { $0.lowercased() == wanted } ?? name
      }
    }
  }
}
