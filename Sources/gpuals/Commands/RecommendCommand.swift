import ALS
import ArgumentParser
import RatingsIO

/// `gpuals recommend`.
struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Recommend items to users.",
    discussion: """
      Items that a user has rated are left out if the model keeps its training ratings, which it does unless it was \
      trained with --no-keep-ratings. The result has the columns user,rank,item,score, and name where names are known; \
      users come in the order asked for, and equal scores in the order of the items.

      Examples:
        gpuals recommend --model model --user 17 --table
        gpuals recommend --model model --user 17 4711 -n 20
        gpuals recommend --model model --all --output recommendations.csv.gz
      """)

  @OptionGroup var model: ModelOptions

  @Option(parsing: .upToNextOption, help: ArgumentHelp("The users, by id.", valueName: "ID"))
  var user: [String] = []

  @Option(help: ArgumentHelp("A file with the ids of the users, one a line; - for standard input.", valueName: "FILE"))
  var users: String?

  @Flag(help: "All users of the model.")
  var all = false

  @Option(name: [.customShort("n"), .customLong("count")], help: ArgumentHelp("Items for each user.", valueName: "N"))
  var count = 10

  @OptionGroup(title: "What may be recommended")
  var filter: ItemFilterOptions

  @OptionGroup(title: "How --exclude is read")
  var reading: ReadingOptions

  @OptionGroup(title: "Where it is computed")
  var device: ListDeviceOptions

  @OptionGroup var output: OutputOptions

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    guard [!user.isEmpty, users != nil, all].count(where: { $0 }) == 1 else {
      throw ValidationError("Say whom to recommend to with one of --user ID, --users FILE and --all.")
    }
    if count < 1 { throw ValidationError("-n is \(count), but must be at least 1.") }
  }

  func run() throws {
    let form = try output.form()
    let notices = progress.notices
    let keepsSeen = filter.includeSeen && !output.table
    let loaded = try model.directory.load(keepsSeen ? [.factors, .ids, .names] : .all)
    let rows = try selectedRows(of: loaded, notices)
    let search = try ListSearch(
      device, factors: loaded.factors.withBiasesAsFactors,
      allowed: try filter.allowed(of: loaded, model: model.model, notices),
      seen: try filter.seen(of: loaded, reading: reading, model: model.model, notices), count: count,
      userCount: rows.count, notices)

    Interruption.shared.set(.whenAsked(notice: "stopping"))
    if output.table {
      try printTables(loaded, rows: rows, search)
    } else {
      let format = RecommendationFormat(form.syntax, ids: loaded.items, names: loaded.itemNames)
      let sink = try TextSink(path: output.output, isCompressed: form.isCompressed)
      let writer = try RecommendationWriter(sink, format: format)
      try forEachBlock(of: rows, search, notices) { block, lists in
        for text in RecommendationText.formatted(lists, users: block, ids: loaded.users, format: format) {
          try writer.write(formatted: text)
        }
      }
      try writer.finish()
    }
    StatusLine.shared.clear()
  }

  private func selectedRows(of loaded: Model, _ notices: Notices) throws -> [Int] {
    if all { return Array(0..<loaded.users.count) }
    let selection = IDSelection(kind: "user", ids: loaded.users, model: model.model)
    if let users { return try selection.rows(listedIn: users, notices) }
    return try user.map { try selection.row(of: $0) }
  }

  /// Goes through the users in blocks, so that memory stays bounded however many there are.
  private func forEachBlock(
    of rows: [Int], _ search: ListSearch, _ notices: Notices, body: (ArraySlice<Int>, [[ScoredRow]]) throws -> Void
  ) throws {
    let size = search.blockSize(count: count)
    let start = ContinuousClock.now
    let ahead = ListsAhead(search, rows: rows, size: size)
    defer { ahead.end() }
    while let (block, lists) = try ahead.next() {
      try Interruption.shared.check("interrupted: the recommendations are not complete")
      try body(block, lists)
      if rows.count > size {
        let rate = Double(block.endIndex) / max((ContinuousClock.now - start).inSeconds, 1e-3)
        notices.progress(
          ProgressStatus(
            label: "recommending", fraction: Double(block.endIndex) / Double(rows.count),
            details: [
              Quantity.timeLeft(Double(rows.count - block.endIndex) / rate),
              "\(Quantity.abbreviated(rate)) users/s",
            ]))
      }
    }
    if rows.count > size {
      let seconds = (ContinuousClock.now - start).inSeconds
      StatusLine.shared.clear()
      notices.note(
        "recommended to \(Quantity.counted(rows.count, "user")) in \(Quantity.duration(seconds)),"
          + " \(Quantity.abbreviated(Double(rows.count) / max(seconds, 1e-3))) users/s")
    }
  }

  private func printTables(_ loaded: Model, rows: [Int], _ search: ListSearch) throws {
    let table = ListTable(ids: loaded.items, names: loaded.itemNames, kind: "item")
    var isFirst = true
    try forEachBlock(of: rows, search, Notices(isQuiet: true)) { block, lists in
      for (user, list) in zip(block, lists) {
        let heading = UserHeading(user: user, model: loaded, table: table)
        try StandardOutput.shared.write((isFirst ? "" : "\n") + heading.text + table.text(list))
        isFirst = false
      }
    }
  }
}
