import ALS
import ArgumentParser
import RatingsIO

/// `gpuals tune`.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Find the parameters that predict best, and train a model with them.",
    discussion: """
      Every combination of the values given is trained and measured on ratings that it has not seen: those of --test, a \
      share drawn by chance (--holdout, 0.1 if nothing is said), the latest (--split-by-time), or each of --folds in turn. \
      With --trials N, N combinations are drawn at random, and values may be ranges: 0.001..1. The ratings are read and \
      brought to the device once. A trial that is behind the median of the others is stopped.

      The best combination is then trained on all ratings and saved in DIR; DIR.trials.json keeps all trials, and \
      --resume goes on from there: after Ctrl-C, or with more values.

      Examples:
        gpuals tune ratings.tsv --rank 16,32,64 --regularization 0.01,0.03,0.1,0.3 --model model
        gpuals tune ratings.tsv --rank 8..128 --regularization 0.001..1 --trials 40 --folds 3 --model model
        gpuals tune plays.tsv --implicit --rank 32,64 --alpha 1,10,40 --regularization 0.01,0.1 --metric ndcg@10 --model model
      """)

  @Argument(help: ArgumentHelp("Files or directories of ratings, or - for standard input.", valueName: "RATINGS"))
  var ratings: [String]

  @Option(help: ArgumentHelp("The directory to write the best model to.", valueName: "DIR"))
  var model: String

  @OptionGroup var device: DeviceOptions

  @OptionGroup(title: "What is tried")
  var search: SearchOptions

  @OptionGroup(title: "How it is learned")
  var solver: SolverOptions

  @OptionGroup(title: "Ratings that trials are measured on")
  var testing: TestingOptions

  @Option(help: ArgumentHelp("Cross-validate: hold out each K-th of the ratings in turn.", valueName: "K"))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "What to aim at: rmse, mae, auc, or precision, recall, ndcg, map with @K; see 'gpuals evaluate --help'. (default: rmse; ndcg@10 with --implicit)",
      valueName: "NAME"))
  var metric: String?

  @Option(
    help: ArgumentHelp("For metrics of the order of items: the lowest rating of a relevant one.", valueName: "R"))
  var relevantFrom: Double?

  @Option(
    help: ArgumentHelp(
      "Trials at work at a time. Which ones are stopped, and the last digits of times, may depend on it. (default: as many as the device has use and room for)",
      valueName: "N"))
  var parallel: Int?

  @Flag(help: "Train every trial to its end, however far it is behind the others.")
  var noStopping = false

  @Flag(help: "Go on from DIR.trials.json: trials that it has are not done again.")
  var resume = false

  @Flag(help: "Leave the training ratings out of the model.")
  var noKeepRatings = false

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @OptionGroup(title: "Names of items")
  var names: ItemNameOptions

  @Flag(help: "Print a JSON document on standard output: all trials, and the best one.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if let folds {
      guard folds >= 2, folds <= 1000 else {
        throw ValidationError("--folds is \(folds), but must be from 2 to 1000.")
      }
      if testing.isGiven {
        throw ValidationError(
          "--folds holds out each part of the ratings in turn: leave out --test, --holdout and --split-by-time.")
      }
    }
    if let parallel, parallel < 1 { throw ValidationError("--parallel is \(parallel), but must be at least 1.") }
    if search.alpha != nil, !solver.implicit {
      throw ValidationError("--alpha weighs implicit ratings: give --implicit as well, or leave it out.")
    }
    try testing.check(ratings: ratings, others: [names.itemNames])
  }

  func run() throws {
    let metric = try EvaluationMetric(self.metric ?? (solver.implicit ? "ndcg@10" : "rmse"))
    guard metric.isGoal else { throw CommandError.notAGoal(metric.name) }
    var testing = testing
    if folds == nil, !testing.isGiven { testing.holdout = 0.1 }
    let run = TuningRun(
      source: TrainingSource(
        ratings: ratings.map { Location($0) }, readOptions: reading.readOptions(for: solver.feedback(alpha: nil)),
        itemNames: names, testing: testing, seed: solver.seed, notices: progress.notices),
      folds: folds, metric: metric, relevantFrom: relevantFrom, trials: try search.parameters(solver),
      directory: ModelDirectory(model), model: model, logFile: TrialLog.path(ofModel: model), resumes: resume,
      parallel: parallel, stopsHopeless: !noStopping, keepsRatings: !noKeepRatings)
    let log = try run.perform(device: device) { log in
      if !json { try StandardOutput.shared.write(TrialTable(log: log, searched: run.searched).text()) }
    }
    if json { try JSONDocument.print(TuningSummary(log: log, model: model)) }
  }
}

/// What `tune --json` prints.
struct TuningSummary: Encodable {
  var log: TrialLog
  /// The directory of the model.
  var model: String

  private enum CodingKeys: String, CodingKey { case model }

  func encode(to encoder: any Encoder) throws {
    try log.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
  }
}
