import ALS
import ArgumentParser
import RatingsIO

/// `gpuals evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on ratings that it has not seen.",
    discussion: """
      rmse and mae are errors of predicted ratings; for a model trained with --implicit, of preferences (1 for a rating \
      above 0, else 0). The others are about the order of items, averaged over the users that have relevant items: the \
      test's items (--relevant-from can ask more of them), less those of the training ratings, which are not recommended \
      either.

        precision@K  share of the K best that are relevant
        recall@K     share of the relevant that are among the K best
        ndcg@K       the same weighted by 1 / log2(place + 1), over the most that it could be
        map@K        mean of the precisions at the places of the relevant, over the most that it could be
        auc          probability that a relevant item scores higher than another
        coverage@K   share of the model's items that anybody gets among the K best
        novelty@K    mean of -log2 of the share of users that rated a recommended item in training

      Ratings of users or items that the model does not know are counted and left out.

      Examples:
        gpuals evaluate --model model --test test.tsv
        gpuals evaluate --model model --test test.tsv --metrics precision@10,recall@20,ndcg@10,map@10,auc --relevant-from 4
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("Ratings to measure on: a file, a directory, or - for standard input.", valueName: "FILE"))
  var test: String

  @Option(
    help: ArgumentHelp(
      "Training ratings, if the model keeps none: their items are not recommended.", valueName: "RATINGS"))
  var train: [String] = []

  @Option(
    help: ArgumentHelp(
      "What to compute: rmse, mae, auc, and precision, recall, ndcg, map, coverage, novelty, each with @K (@10 if not given).",
      valueName: "rmse,ndcg@10,…"),
    transform: { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
  var metrics: [String] = ["rmse", "mae"]

  @Option(
    help: ArgumentHelp(
      "The lowest rating of a relevant item. (default: any rating; above 0 for a model trained with --implicit)",
      valueName: "R"))
  var relevantFrom: Double?

  @Flag(help: "Rank also what a user has rated in training.")
  var includeSeen = false

  @OptionGroup(title: "Where lists are computed")
  var device: ListDeviceOptions

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func run() throws {
    let wanted = try metrics.map { (name) throws(CommandError) in try EvaluationMetric(name) }
    let notices = progress.notices
    let ranks = wanted.contains { !$0.isError }
    let loaded = try model.directory.load(ranks && train.isEmpty ? [.factors, .ids, .ratings] : [.factors, .ids])
    let options = reading.readOptions(for: loaded.parameters.feedback)
    func read(_ paths: [String]) throws -> RatingSet {
      let set = try RatingsReader(options: options)
        .read(paths.map { Location($0) }, users: loaded.users, items: loaded.items)
      StatusLine.shared.clear()
      ReadingNotices(report: set.report, options: options).tell(notices)
      return set
    }
    let set = try read([test])
    guard set.ratings.entryCount > 0 else {
      throw CommandError.noKnownPairs(file: test, unknown: set.report.unknown)
    }
    if set.report.unknown > 0 {
      notices.note(
        "left out \(Quantity.counted(set.report.unknown, "rating")) whose user or item the model does not know")
    }
    var evaluation = EvaluationReport(pairs: set.ratings.entryCount, unknownPairs: set.report.unknown)
    let factors = loaded.factors.withBiasesAsFactors
    if wanted.contains(where: \.isError) {
      let errors = RatingMetrics(of: factors, on: set.ratings, feedback: loaded.parameters.feedback)
      for metric in wanted where metric.isError {
        evaluation.values.append((metric.name, metric == .rmse ? errors.rmse : errors.mae))
      }
    }
    if ranks {
      let training = train.isEmpty ? loaded.ratings : try read(train).ratings
      if training == nil {
        notices.warn(
          "\(model.model) holds no training ratings (--no-keep-ratings), so items that users have rated are ranked too:"
            + " give them with --train")
      }
      let relevant = RelevantItems(
        in: set.ratings, seen: includeSeen ? nil : training, feedback: loaded.parameters.feedback, from: relevantFrom)
      guard relevant.matrix.entryCount > 0 else { throw CommandError.nothingRelevant(file: test) }
      if relevant.seen > 0 {
        notices.note(
          "\(Quantity.counted(relevant.seen, "rating")) of \(test) are among the training ratings, and nothing to recommend"
        )
      }
      Interruption.shared.set(.whenAsked(notice: "stopping"))
      let measurement = RankingMeasurement(
        relevant: relevant.matrix, training: training, leavesOutSeen: !includeSeen, device: device, notices: notices)
      evaluation.users = measurement.users.count
      evaluation.values += try measurement.values(of: wanted.filter { !$0.isError }, factors: factors)
    }
    let order = Dictionary(wanted.enumerated().map { ($1.name, $0) }) { first, _ in first }
    evaluation.values.sort { order[$0.name, default: 0] < order[$1.name, default: 0] }
    if json {
      try JSONDocument.print(evaluation)
    } else {
      try StandardOutput.shared.write(evaluation.text())
    }
  }
}
