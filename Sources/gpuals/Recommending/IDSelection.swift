import ALS
import RatingsIO

/// Ids as rows of a model.
struct IDSelection {
  /// Whose ids: "user" or "item".
  var kind: String
  /// The ids of the model.
  var ids: IDIndex
  /// The model as the user names it.
  var model: String

  /// The row of an id that was typed.
  ///
  /// - Throws: `CommandError.unknownID`, which shows what ids of the model look like.
  func row(of id: String) throws(CommandError) -> Int {
    if let row = ids.row(of: id) { return row }
    throw .unknownID(kind: kind, id: id, model: model, hint: hint)
  }

  /// The rows of a list of ids in a file, in its order. Unknown ones are told of and left out.
  ///
  /// - Throws: `CommandError.noKnownIDs` if none is known, and what reading throws.
  func rows(listedIn file: String, _ notices: Notices) throws -> [Int] {
    let list = try IDListReader.read(Location(file))
    var rows: [Int] = []
    var unknown: [String] = []
    for id in list {
      if let row = ids.row(of: id) { rows.append(row) } else { unknown.append(id) }
    }
    guard !rows.isEmpty else { throw CommandError.noKnownIDs(kind: kind, list: file, count: list.count) }
    if !unknown.isEmpty {
      let examples = unknown.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
      notices.warn(
        "\(file): the model does not know \(Quantity.grouped(unknown.count)) of its"
          + " \(Quantity.counted(list.count, kind)): \(examples)\(unknown.count > 3 ? ", …" : "")")
    }
    return rows
  }

  private var hint: String? {
    let examples = (0..<min(3, ids.count)).map { "\"\(ids[$0])\"" }
    guard !examples.isEmpty else { return nil }
    return "its \(Quantity.counted(ids.count, kind)) "
      + (ids.count == 1 ? "is " : "are such as ") + examples.joined(separator: ", ")
  }
}
