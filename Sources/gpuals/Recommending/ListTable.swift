import ALS

/// A ranked list for people: rank, name where names are known, score and id.
struct ListTable {
  /// Ids of what is listed.
  var ids: IDIndex
  /// Their names, where known.
  var names: [String?]?
  /// "item" or "user".
  var kind: String

  /// The lines of a list.
  func text(_ rows: [ScoredRow]) -> String {
    var columns: [(title: String, alignment: TextTable.Alignment)] = [("rank", .right)]
    if names != nil { columns.append(("name", .left)) }
    columns += [("score", .right), (kind, .left)]
    var table = TextTable(columns)
    // One number of decimals for the whole list: preferences are near 1, ratings may go to 100.
    let decimals = rows.allSatisfy { $0.score.magnitude < 10 } ? 3 : 1
    table.rows = rows.enumerated().map { index, row in
      var cells = [String(index + 1)]
      if let names { cells.append(names[row.row] ?? "–") }
      return cells + [Quantity.fixed(Double(row.score), decimals), ids[row.row]]
    }
    return table.text()
  }

  /// How an item is called: by its name if it has one.
  func label(_ row: Int) -> String {
    if let name = names?[row] { return name }
    return "\(kind) \(ids[row])"
  }
}
