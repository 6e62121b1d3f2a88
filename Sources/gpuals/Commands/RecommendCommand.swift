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

      --rerank starts a program of yours, once. For each user it reads a line on standard input, \
      {"user":"17","recommendations":[{"item":"4","score":4.2,"name":"…"},…]}, with some 50 candidates or more, best \
      first, and answers with a line of the same form on standard output: the items to recommend, in their order. It may \
      leave out candidates, and give another "score"; the first N are taken.

      Examples:
        gpuals recommend --model model --user 17 --table
        gpuals recommend --model model --user 17 4711 -n 20
        gpuals recommend --model model --all --output recommendations.csv.gz
        gpuals recommend --model model --all --rerank "python3 promote.py" --output lists.jsonl
        gpuals recommend --model model --user 17 --min-score 3.5 --diversify 0.3
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

  @Option(help: ArgumentHelp("Leave out items whose score is below this.", valueName: "S"))
  var minScore: Float?

  @Option(
    help: ArgumentHelp(
      "How much variety counts against score, from 0 to 1: lists are chosen from more candidates so that their items are less alike (maximal marginal relevance).",
      valueName: "W"))
  var diversify: Double?

  @Option(
    help: ArgumentHelp(
      "A shell command that puts candidates into the order that your business wants: see 'gpuals help recommend'.",
      valueName: "COMMAND"))
  var rerank: String?

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
    if let diversify, !(0...1).contains(diversify) {
      throw ValidationError("--diversify is \(diversify), but must be from 0 (by score alone) to 1.")
    }
    if rerank != nil, diversify != nil {
      throw ValidationError("--rerank and --diversify both decide the order: give one of them.")
    }
    if let minScore, minScore.isNaN { throw ValidationError("--min-score is not a number.") }
  }

  func run() throws {
    let form = try output.form()
    let notices = progress.notices
    let keepsSeen = filter.includeSeen && !output.table
    let loaded = try model.directory.load(keepsSeen ? [.factors, .ids, .names] : .all)
    let rows = try selectedRows(of: loaded, notices)
    let length = diversify == nil && rerank == nil ? count : Diversification.candidateCount(for: count)
    let run = ListRun(
      search: try ListSearch(
        device, factors: loaded.factors.withBiasesAsFactors,
        allowed: try filter.allowed(of: loaded, model: model.model, notices),
        seen: try filter.seen(of: loaded, reading: reading, model: model.model, notices), count: length,
        userCount: rows.count, notices),
      count: length, finish: finishing(loaded.factors.item),
      reranker: try rerank.map { (command) throws(CommandError) in
        try Reranker(command, model: loaded, count: count)
      }, subject: "user",
      notices: output.table ? Notices(isQuiet: true) : notices)

    Interruption.shared.set(.whenAsked(notice: "stopping"))
    if output.table {
      try printTables(loaded, rows: rows, run)
    } else {
      try run.write(
        rows, subjects: loaded.users,
        format: RecommendationFormat(form.syntax, ids: loaded.items, names: loaded.itemNames), to: output.output,
        form: form)
    }
    StatusLine.shared.clear()
  }

  /// What becomes of a list of candidates.
  private func finishing(_ items: FactorMatrix) -> (@Sendable ([ScoredRow]) -> [ScoredRow])? {
    if diversify == nil, minScore == nil { return nil }
    let diversification = diversify.map { Diversification(factors: items, weight: $0) }
    let (count, lowest) = (count, minScore)
    return { list in
      let good = lowest.map { lowest in list.filter { $0.score >= lowest } } ?? list
      return diversification?.chosen(count, from: good) ?? good
    }
  }

  private func selectedRows(of loaded: Model, _ notices: Notices) throws -> [Int] {
    if all { return Array(0..<loaded.users.count) }
    let selection = IDSelection(kind: "user", ids: loaded.users, model: model.model)
    if let users { return try selection.rows(listedIn: users, notices) }
    return try user.map { try selection.row(of: $0) }
  }

  private func printTables(_ loaded: Model, rows: [Int], _ run: ListRun) throws {
    let table = ListTable(ids: loaded.items, names: loaded.itemNames, kind: "item")
    var isFirst = true
    try run.forEachBlock(of: rows) { block, lists in
      for (user, list) in zip(block, lists) {
        let heading = UserHeading(user: user, model: loaded, table: table)
        try StandardOutput.shared.write((isFirst ? "" : "\n") + heading.text + table.text(list))
        isFirst = false
      }
    }
  }
}
