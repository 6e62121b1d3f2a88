/// What stands before the columns of a table in a CSV file that the AWS Database Migration Service may have written: the
/// operation of each row, and the time at which it was committed.
struct DMSColumns {
  /// Whether the first column is the operation.
  private(set) var hasOperation = false
  /// Whether the first row names the columns, the operation `Op`.
  private(set) var namesOperation = false
  /// Whether the next column is the time.
  private(set) var hasTime = false

  private static let operations: Set<String> = ["I", "U", "D"]

  /// Looks at the first rows.
  ///
  /// - Parameters:
  ///   - file: its name tells whether it is a full load, which mostly has no operations, or holds changes, which have.
  ///   - isGiven: whether DMS is known to have written it.
  init(_ head: HeadRows, file: String, isGiven: Bool) {
    let name = DMSFileName(path: file)
    namesOperation = head.rows[0].first?.text.lowercased() == "op"
    let rows = namesOperation ? head.rows.dropFirst() : head.rows[...]
    let marked = rows.count { Self.operations.contains($0.first?.text ?? "") }
    if namesOperation {
      hasOperation = true
    } else if marked == rows.count, rows.allSatisfy({ $0.count > 2 }) {
      hasOperation = true
    } else if case .fullLoad? = name {
      hasOperation = false
    } else if case .changes? = name {
      // Those that are none are malformed.
      hasOperation = isGiven || 2 * marked >= rows.count
    } else {
      hasOperation = isGiven && 2 * marked >= rows.count
    }
    guard isGiven || hasOperation || name?.isFullLoad == true, !rows.isEmpty else { return }
    let time = hasOperation ? 1 : 0
    hasTime = rows.allSatisfy { $0.count > time && Self.isTime($0[time].text) }
  }

  /// Whether a text is a time as DMS writes it, `yyyy-MM-dd HH:mm:ss.SSSSSS`.
  private static func isTime(_ text: String) -> Bool {
    let shape = Array("dddd-dd-dd dd:dd:dd.dddddd".utf8)
    guard text.utf8.count == shape.count else { return false }
    return zip(text.utf8, shape).allSatisfy { $1 == UInt8(ascii: "d") ? $0 &- 48 <= 9 : $0 == $1 }
  }
}
