/// The order in which the changes in some files were committed, as far as their names tell.
enum CommitOrder {
  /// Full loads of DMS by their counters, then its changes by time, whatever folders they are in; all others follow as they are.
  static func arranged<File>(_ files: [File], path: (File) -> String) -> [File] {
    let keys = files.map { Key(path($0)) }
    guard keys.contains(where: { $0.group < Key.other }) else { return files }
    return files.indices.sorted { keys[$0].precedes(keys[$1]) || !keys[$1].precedes(keys[$0]) && $0 < $1 }
      .map { files[$0] }
  }

  /// Whether a file precedes another of the same directory.
  static func precedes(_ first: String, _ second: String) -> Bool {
    let keys = (Key(first), Key(second))
    guard keys.0.group == Key.other, keys.1.group == Key.other else { return keys.0.precedes(keys.1) }
    // As directories are gone through.
    return first.utf8.split(separator: UInt8(ascii: "/")).lexicographicallyPrecedes(
      second.utf8.split(separator: UInt8(ascii: "/"))
    ) { $0.lexicographicallyPrecedes($1) }
  }

  private struct Key {
    static let other = 2
    /// Full loads, changes, others.
    var group: Int
    var text: String

    init(_ path: String) {
      switch DMSFileName(path: path) {
      case .fullLoad(let counter)?: (group, text) = (0, counter)
      case .changes(let time)?: (group, text) = (1, time)
      case nil: (group, text) = (Self.other, "")
      }
    }

    func precedes(_ other: Key) -> Bool {
      if group != other.group { return group < other.group }
      // A counter that outgrows its digits has more of them.
      if group == 0, text.utf8.count != other.text.utf8.count { return text.utf8.count < other.text.utf8.count }
      return text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }
  }
}
