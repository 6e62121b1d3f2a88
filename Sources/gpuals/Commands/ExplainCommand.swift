import ALS
import ALSReference
import ArgumentParser
import RatingsIO

/// `gpuals explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell which ratings of a user make an item's score, and how much each adds.",
    discussion: """
      The score of an item is a sum over the ratings of the user (Hu, Koren, Volinsky 2008, section 5). The result has \
      the columns item,rating,contribution, and name where names are known; the greatest contributions come first.

      Examples:
        gpuals explain --model model --user 17 --item 1000125 --table
        gpuals explain --model model --user 17 --item "The Blue Quartet" -n 5 --output why.jsonl
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The user, by id.", valueName: "ID"))
  var user: String

  @Option(help: ArgumentHelp("The item, by id or name.", valueName: "ID"))
  var item: String

  @Option(
    help: ArgumentHelp(
      "The user's ratings, if the model keeps none or others are to explain.", valueName: "RATINGS"))
  var ratings: [String] = []

  @Option(
    name: [.customShort("n"), .customLong("count")], help: ArgumentHelp("Contributions to list.", valueName: "N"))
  var count = 10

  @OptionGroup(title: "How --ratings is read")
  var reading: ReadingOptions

  @OptionGroup var output: OutputOptions

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-n is \(count), but must be at least 1.") }
  }

  func run() throws {
    let form = try output.form()
    let notices = progress.notices
    let loaded = try model.directory.load(ratings.isEmpty ? .all : [.factors, .ids, .names])
    let userRow = try IDSelection(kind: "user", ids: loaded.users, model: model.model).row(of: user)
    let itemRow = try ItemSelection(loaded: loaded, model: model.model).row(of: item)
    let given = try trainingRatings(of: loaded, notices)
    guard !given.entries(ofRow: userRow).isEmpty else { throw CommandError.noRatingsOfUser(user) }
    guard
      let explanation = Explanation(
        user: userRow, item: itemRow, ratings: given, factors: loaded.factors, parameters: loaded.parameters)
    else { throw ALSError.singularSystem(side: .user, row: userRow, id: user) }
    let score = loaded.factors.withBiasesAsFactors.score(user: userRow, item: itemRow)
    let ordered = explanation.contributions.sorted { ($1.value, $0.entry) < ($0.value, $1.entry) }
    let shown = ordered.prefix(count)
    let rest = ordered.dropFirst(count).reduce(0.0) { $0 + $1.value }

    let items = ListTable(ids: loaded.items, names: loaded.itemNames, kind: "item")
    if output.table {
      var columns: [(title: String, alignment: TextTable.Alignment)] = loaded.itemNames == nil ? [] : [("name", .left)]
      columns += [("rating", .right), ("adds", .right), ("item", .left)]
      var table = TextTable(columns)
      func line(_ label: String, _ rating: String, _ value: Double, _ id: String) -> [String] {
        (loaded.itemNames == nil ? [] : [label]) + [rating, Quantity.fixed(value, 4), id]
      }
      table.rows = shown.map { contribution in
        let row = Int(given.columnIndices[contribution.entry])
        return line(
          loaded.itemNames?[row] ?? "–", Quantity.plain(given.values[contribution.entry]), contribution.value,
          loaded.items[row])
      }
      if rest != 0 { table.rows.append(line("", "", rest, "\(Quantity.grouped(ordered.count - shown.count)) more")) }
      if explanation.base != 0 { table.rows.append(line("", "", explanation.base, "mean and bias of the item")) }
      table.rows.append(line("", "", explanation.score, "together"))
      try StandardOutput.shared.write(
        "user \(user), \(items.label(itemRow)): score \(Quantity.fixed(Double(score), 4))\n" + table.text())
      return
    }
    let writer = try TableWriter(
      TextSink(path: output.output, isCompressed: form.isCompressed), syntax: form.syntax,
      columns: ["item", "rating", "contribution"] + (loaded.itemNames == nil ? [] : ["name"]))
    for contribution in shown {
      let row = Int(given.columnIndices[contribution.entry])
      let name: [TableWriter.Cell] = loaded.itemNames.map { [$0[row].map { .text($0) } ?? .none] } ?? []
      try writer.write(
        [.text(loaded.items[row]), .float(given.values[contribution.entry]), .double(contribution.value)] + name)
    }
    try writer.finish()
    notices.note(
      "the contributions of \(Quantity.counted(ordered.count, "rating"))"
        + (explanation.base == 0 ? "" : ", mean and bias") + " add up to \(Quantity.fixed(explanation.score, 4));"
        + " the model's score is \(Quantity.fixed(Double(score), 4))")
  }

  private func trainingRatings(of loaded: Model, _ notices: Notices) throws -> CSRMatrix {
    if !ratings.isEmpty {
      let options = reading.readOptions(for: loaded.parameters.feedback)
      let set = try RatingsReader(options: options)
        .read(ratings.map { Location($0) }, users: loaded.users, items: loaded.items)
      ReadingNotices(report: set.report, options: options).tell(notices)
      return set.ratings
    }
    guard let kept = loaded.ratings else {
      throw CommandError.ratingsNotKept(
        model: model.model, purpose: "an explanation", remedy: "give them with --ratings")
    }
    return kept
  }
}
