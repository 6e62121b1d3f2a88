/// What `evaluate` prints.
struct EvaluationReport: Encodable {
  /// Pairs of known user and item.
  var pairs: Int
  /// Pairs that were left out.
  var unknownPairs: Int
  /// Users that metrics of the order of items are averaged over, where there are any such metrics.
  var users: Int?
  /// The metrics by name, in the order asked for.
  var values: [(name: String, value: Double)] = []

  /// For people.
  func text() -> String {
    var table = TextTable([("metric", .left), ("value", .right)])
    table.rows = values.map { [$0.name, Quantity.fixed($0.value, 6)] }
    table.rows.append(["pairs", Quantity.grouped(pairs)])
    if let users { table.rows.append(["users", Quantity.grouped(users)]) }
    if unknownPairs > 0 { table.rows.append(["unknown pairs", Quantity.grouped(unknownPairs)]) }
    return table.text()
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(pairs, forKey: Key("pairs"))
    try container.encode(unknownPairs, forKey: Key("unknown_pairs"))
    try container.encodeIfPresent(users, forKey: Key("users"))
    // JSON has no number that is none.
    for (name, value) in values where value.isFinite { try container.encode(value, forKey: Key(name)) }
  }
}
