/// The choice of the keys that matter among those that the first JSON objects of a file have.
struct KeyChoice {
  /// In the order of their appearance.
  let keys: [String]
  let file: String
  /// Whether all keys of a row are among them; else what is missing may come later.
  var isComplete = true
  /// Columns whose keys are found row by row.
  private(set) var undecided: [(role: ColumnNames.Role, column: Int)] = []
  private var wanted: [(key: String, role: JSONKeys.Role)] = []

  init(keys: [String], file: String, isComplete: Bool = true) {
    self.keys = keys
    self.file = file
    self.isComplete = isComplete
  }

  /// What was chosen.
  var result: JSONKeys { JSONKeys(wanted, undecided: undecided) }

  /// The column of a key.
  mutating func add(_ key: String, _ role: JSONKeys.Role) -> Int {
    if let column = wanted.firstIndex(where: { $0.key == key }) { return column }
    wanted.append((key, role))
    return wanted.count - 1
  }

  /// The column of a key that is yet to come.
  mutating func addUndecided(_ role: ColumnNames.Role, _ name: String, _ valueRole: JSONKeys.Role) -> Int {
    let column = add(name, valueRole)
    undecided.append((role, column))
    return column
  }

  /// The column of an id: the one that is asked for, else that of such a name.
  mutating func addID(
    _ role: ColumnNames.Role, _ column: ColumnSelection.Column?, _ what: String
  ) throws(RatingsIOError) -> Int {
    if let found = try chosen(column) ?? key(of: role) { return add(found, .id) }
    guard isComplete else { return addUndecided(role, "\(role)", .id) }
    return add(try required(nil, what), .id)
  }

  /// The first key whose name tells its role.
  func key(of role: ColumnNames.Role) -> String? { keys.first { ColumnNames.role(of: $0) == role } }

  /// The key that is called "id".
  var plainID: String? { keys.first { $0.lowercased() == "id" } }

  func required(_ key: String?, _ what: String) throws(RatingsIOError) -> String {
    guard let key else { throw .noKey(file: file, what: what, available: keys) }
    return key
  }

  /// The key that is asked for, if one is.
  func chosen(_ column: ColumnSelection.Column?) throws(RatingsIOError) -> String? {
    switch column {
    case nil: return nil
    case .position?: throw .keysHaveNoPosition(file: file, available: keys)
    case .name(let name)?:
      let wanted = name.lowercased()
      if let key = keys.first(where: { $0 == name }) ?? keys.first(where: { $0.lowercased() == wanted }) { return key }
      guard isComplete else { return name }
      throw .unknownKey(file: file, name: name, available: keys)
    }
  }
}
