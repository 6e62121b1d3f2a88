import ALS
import ArgumentParser
import RatingsIO

/// `gpuals similar`.
struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "List the items or users that are most like one.",
    discussion: """
      Likeness is the cosine of the angle between factors: 1 for the same direction, 0 for nothing in common. An item may \
      be given by name if the model knows names. The result has the columns rank,item,score, and name where names are \
      known, or rank,user,score.

      Examples:
        gpuals similar --model model --item 1000125 --table
        gpuals similar --model model --item "The Blue Quartet"
        gpuals similar --model model --user 17 -n 5
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The item, by id or name.", valueName: "ID"))
  var item: String?

  @Option(help: ArgumentHelp("The user, by id.", valueName: "ID"))
  var user: String?

  @Option(name: [.customShort("n"), .customLong("count")], help: ArgumentHelp("Length of the list.", valueName: "N"))
  var count = 10

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (item == nil) != (user == nil) else {
      throw ValidationError("Say what to compare with: one of --item ID and --user ID.")
    }
    if count < 1 { throw ValidationError("-n is \(count), but must be at least 1.") }
  }

  func run() throws {
    let form = try output.form()
    let loaded = try model.directory.load([.factors, .ids, .names])
    let side: Side
    let row: Int
    if let item {
      (side, row) = (.item, try ItemSelection(loaded: loaded, model: model.model).row(of: item))
    } else {
      (side, row) = (.user, try IDSelection(kind: "user", ids: loaded.users, model: model.model).row(of: user ?? ""))
    }
    let list = loaded.factors.mostSimilar(to: row, side: side, count: count)
    let ids = side == .item ? loaded.items : loaded.users
    let names = side == .item ? loaded.itemNames : nil
    if output.table {
      let table = ListTable(ids: ids, names: names, kind: side.rawValue)
      let name = names?[row].map { "\($0), " } ?? ""
      try StandardOutput.shared.write("most like \(name)\(side.rawValue) \(ids[row])\n" + table.text(list))
      return
    }
    let writer = try TableWriter(
      TextSink(path: output.output, isCompressed: form.isCompressed), syntax: form.syntax,
      columns: ["rank", side.rawValue, "score"] + (names == nil ? [] : ["name"]))
    for (index, entry) in list.enumerated() {
      let name: [TableWriter.Cell] = names.map { [$0[entry.row].map { .text($0) } ?? .none] } ?? []
      try writer.write([.integer(index + 1), .text(ids[entry.row]), .float(entry.score)] + name)
    }
    try writer.finish()
  }
}
