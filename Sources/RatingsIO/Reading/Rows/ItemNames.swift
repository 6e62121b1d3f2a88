import ALS

/// Names by item id.
public struct ItemNames: Sendable {
  private var entries: [(id: String, name: String)] = []

  /// No names.
  public init() {}

  /// Number of names, repeated ids included.
  public var count: Int { entries.count }

  /// Adds a name. It replaces an earlier one of the same id; an empty name is none.
  public mutating func append(id: String, name: String) {
    entries.append((id, name))
  }

  /// The names in the row order of an index, `nil` where there is none; O(count · log rows).
  public func names(for index: IDIndex) -> [String?] {
    var names = [String?](repeating: nil, count: index.count)
    for (id, name) in entries {
      if let row = index.row(of: id) { names[row] = name.isEmpty ? nil : name }
    }
    return names
  }
}
