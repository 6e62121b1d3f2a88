import ALS
import ArgumentParser
import RatingsIO

/// `gpuals recommend-users`.
struct RecommendUsersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend-users",
    abstract: "Find the users that would like an item most.",
    discussion: """
      Users that have rated the item already are left out if the model keeps its training ratings. The result has the \
      columns item,rank,user,score. An item may be given by name if the model knows names.

      Examples:
        gpuals recommend-users --model model --item 1000125 --table
        gpuals recommend-users --model model --all -n 100 --output audience.csv.gz
      """)

  @OptionGroup var model: ModelOptions

  @Option(parsing: .upToNextOption, help: ArgumentHelp("The items, by id or name.", valueName: "ID"))
  var item: [String] = []

  @Flag(help: "All items of the model.")
  var all = false

  @Option(name: [.customShort("n"), .customLong("count")], help: ArgumentHelp("Users for each item.", valueName: "N"))
  var count = 10

  @Option(help: ArgumentHelp("Leave out users whose score is below this.", valueName: "S"))
  var minScore: Float?

  @Flag(help: "Find also users that have rated the item in training.")
  var includeSeen = false

  @OptionGroup(title: "Where it is computed")
  var device: ListDeviceOptions

  @OptionGroup var output: OutputOptions

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    guard item.isEmpty == all else { throw ValidationError("Say which items with one of --item ID and --all.") }
    if count < 1 { throw ValidationError("-n is \(count), but must be at least 1.") }
  }

  func run() throws {
    let form = try output.form()
    let notices = progress.notices
    let loaded = try model.directory.load(includeSeen ? [.factors, .ids, .names] : .all)
    let selection = ItemSelection(loaded: loaded, model: model.model)
    let rows =
      try all ? Array(0..<loaded.items.count) : item.map { (id) throws(CommandError) in try selection.row(of: id) }
    if !includeSeen, loaded.ratings == nil {
      notices.note(
        "\(model.model) holds no training ratings (--no-keep-ratings), so users that have rated an item are not left out"
      )
    }
    // Users are recommended to items as items are to users.
    let factors = loaded.factors.withBiasesAsFactors
    let run = ListRun(
      search: try ListSearch(
        device, factors: Factors(user: factors.item, item: factors.user),
        allowed: [Bool](repeating: true, count: loaded.users.count),
        seen: loaded.ratings.map { [$0.transposed()] } ?? [], count: count, userCount: rows.count, notices),
      count: count, finish: finishing,
      subject: "item", notices: output.table ? Notices(isQuiet: true) : notices)

    Interruption.shared.set(.whenAsked(notice: "stopping"))
    if output.table {
      let table = ListTable(ids: loaded.users, names: nil, kind: "user")
      var isFirst = true
      try run.forEachBlock(of: rows) { block, lists in
        for (row, list) in zip(block, lists) {
          let name = loaded.itemNames?[row].map { "\($0), " } ?? ""
          try StandardOutput.shared.write(
            (isFirst ? "" : "\n") + "users for \(name)item \(loaded.items[row])\n" + table.text(list))
          isFirst = false
        }
      }
    } else {
      try run.write(
        rows, subjects: loaded.items,
        format: RecommendationFormat(form.syntax, ids: loaded.users, subject: "item", object: "user"),
        to: output.output,
        form: form)
    }
    StatusLine.shared.clear()
  }

  /// Leaves out what scores too low.
  private var finishing: (@Sendable ([ScoredRow]) -> [ScoredRow])? {
    guard let lowest = minScore else { return nil }
    return { list in list.filter { $0.score >= lowest } }
  }
}
