import ALS

/// The text of ranked lists: columns `user,rank,item,score`, and `name` where names are known; in JSON lines one object per
/// list: `{"user":"1","recommendations":[{"item":"1000125","score":93.1,"name":"…"}]}`.
///
/// It holds no state, so that lists may be formatted on all cores and written in order.
public struct RecommendationFormat: Sendable {
  private let syntax: TableForm.Syntax
  private let ids: IDIndex
  private let names: [String?]?
  private let encoder: RowEncoder
  private let subjectKey: [UInt8]
  private let objectKey: [UInt8]

  /// Chooses syntax and columns.
  ///
  /// - Parameters:
  ///   - syntax: that of the text.
  ///   - ids: the ids of what is recommended.
  ///   - names: their names in row order, where known.
  ///   - subject: the column of whom a list is for.
  ///   - object: the column of what is recommended.
  public init(
    _ syntax: TableForm.Syntax, ids: IDIndex, names: [String?]? = nil, subject: String = "user", object: String = "item"
  ) {
    self.syntax = syntax
    self.ids = ids
    self.names = names
    encoder = RowEncoder(syntax, columns: [subject, "rank", object, "score"] + (names == nil ? [] : ["name"]))
    var subjectKey: [UInt8] = []
    FieldText.append(subject.utf8, as: .jsonl, to: &subjectKey)
    self.subjectKey = subjectKey
    var objectKey: [UInt8] = []
    FieldText.append(object.utf8, as: .jsonl, to: &objectKey)
    self.objectKey = objectKey
  }

  /// The first line; empty in JSON lines.
  public var header: [UInt8] { encoder.header }

  /// Appends the list of one subject, best first.
  public func append(_ subject: String, _ rows: [ScoredRow], to output: inout [UInt8]) {
    guard syntax != .jsonl else { return appendObject(subject, rows, to: &output) }
    var id: [UInt8] = []
    for (index, row) in rows.enumerated() {
      encoder.append(subject.utf8, column: 0, to: &output)
      encoder.append(index + 1, column: 1, to: &output)
      id.removeAll(keepingCapacity: true)
      ids.append(row: row.row, to: &id)
      encoder.append(id, column: 2, to: &output)
      encoder.append(row.score, column: 3, to: &output)
      if let names { encoder.append((names[row.row] ?? "").utf8, column: 4, to: &output) }
      encoder.appendEnd(to: &output)
    }
  }

  private func appendObject(_ subject: String, _ rows: [ScoredRow], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    output += subjectKey
    output.append(UInt8(ascii: ":"))
    FieldText.append(subject.utf8, as: .jsonl, to: &output)
    output.append(contentsOf: ",\"recommendations\":[".utf8)
    var id: [UInt8] = []
    for (index, row) in rows.enumerated() {
      output.append(contentsOf: (index == 0 ? "{" : ",{").utf8)
      output += objectKey
      output.append(UInt8(ascii: ":"))
      id.removeAll(keepingCapacity: true)
      ids.append(row: row.row, to: &id)
      FieldText.append(id, as: .jsonl, to: &output)
      output.append(contentsOf: ",\"score\":".utf8)
      FieldText.append(row.score, as: .jsonl, to: &output)
      if let name = names?[row.row] {
        output.append(contentsOf: ",\"name\":".utf8)
        FieldText.append(name.utf8, as: .jsonl, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
    output.append(contentsOf: "]}\n".utf8)
  }
}
