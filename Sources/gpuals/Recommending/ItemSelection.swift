import ALS

/// Items as people give them: by id, or by name where the model knows names.
struct ItemSelection {
  /// The model with its ids and names.
  var loaded: Model
  /// The model as the user names it.
  var model: String

  /// The row of an item's id, or else of its name.
  ///
  /// - Throws: `CommandError.unknownID`, `CommandError.ambiguousName`.
  func row(of item: String) throws(CommandError) -> Int {
    if let row = loaded.items.row(of: item) { return row }
    if let names = loaded.itemNames {
      let wanted = item.lowercased()
      let matches = names.indices.filter { names[$0]?.lowercased() == wanted }
      if matches.count == 1 { return matches[0] }
      if matches.count > 1 { throw .ambiguousName(item, matches: matches.map { loaded.items[$0] }) }
    }
    return try IDSelection(kind: "item", ids: loaded.items, model: model).row(of: item)
  }
}
