import ALS
import ArgumentParser
import RatingsIO

/// `gpuals train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on ratings.",
    discussion: """
      RATINGS are files, directories of files, or - for standard input. Explicit training reproduces the ratings \
      (ALS-WR); --implicit takes them for evidence of preference (plays, clicks, purchases).

      Examples:
        gpuals train ratings.tsv --model model
        gpuals train ratings.csv --holdout 0.1 --rank 32 --regularization 0.05 --model model
        gpuals train ydata-ymusic-user-artist-ratings-v1_0.txt --dataset yahoo-r1 \\
            --item-names ydata-ymusic-artist-names-v1_0.txt --checkpoint-every 1 --model r1
        gpuals train ratings.tsv --holdout 0.1 --iterations 50 --early-stopping 3 --model model
        gpuals train newer.tsv --from model --iterations 3 --model newer
        gpuals train ratings.tsv --device-memory 2G --dry-run --model model
        zcat plays.tsv.gz | gpuals train - --implicit --alpha 40 --model plays
      """)

  @Argument(help: ArgumentHelp("Files or directories of ratings, or - for standard input.", valueName: "RATINGS"))
  var ratings: [String]

  @Option(help: ArgumentHelp("The directory to write the model to.", valueName: "DIR"))
  var model: String

  @OptionGroup var device: DeviceOptions

  @OptionGroup(title: "What is learned")
  var parameters: ParameterOptions

  @OptionGroup(title: "Error on ratings not trained on")
  var testing: TestingOptions

  @Option(help: ArgumentHelp("Save the model after every K-th iteration, so that --resume can go on.", valueName: "K"))
  var checkpointEvery: Int?

  @Flag(help: "Go on from the model in DIR, bit for bit as if it had never stopped.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Start from the factors of this model instead of random ones: users and items that it knows keep theirs.",
      valueName: "DIR"))
  var from: String?

  @Flag(
    help: """
      Leave the training ratings out of the model. 'recommend' then needs --exclude to leave out what a user has rated.
      """)
  var noKeepRatings = false

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @OptionGroup(title: "Names of items")
  var names: ItemNameOptions

  @Flag(
    help: """
      Read the ratings, print what would be in the device's memory and what would be streamed, and end. Writes nothing.
      """)
  var dryRun = false

  @Flag(help: "Print a JSON summary on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every is \(checkpointEvery), but must be at least 1.")
    }
    if parameters.solver.earlyStopping != nil, !testing.isGiven {
      throw ValidationError(
        "--early-stopping looks at the error on ratings not trained on: give --test FILE, --holdout SHARE or"
          + " --split-by-time SHARE as well.")
    }
    if dryRun, device.device == .reference {
      throw ValidationError("--dry-run plans the memory of a device, and --device reference uses none.")
    }
    try testing.check(ratings: ratings, others: [names.itemNames])
  }

  func run() throws {
    let run = TrainingRun(
      source: TrainingSource(
        ratings: ratings.map { Location($0) }, readOptions: reading.readOptions(for: parameters.feedback),
        itemNames: names, testing: testing, seed: parameters.solver.seed, notices: progress.notices),
      parameters: try parameters.parameters(),
      directory: ModelDirectory(model), model: model, checkpointEvery: checkpointEvery, resumes: resume, from: from,
      keepsRatings: !noKeepRatings)
    if dryRun {
      let reports = try run.memoryPlans(device: device)
      if !json {
        try StandardOutput.shared.write(reports.map { $0.text() }.joined(separator: "\n"))
      } else if device.device.isSeveral {
        try JSONDocument.print(["devices": reports])
      } else {
        try JSONDocument.print(reports[0])
      }
      return
    }
    let summary = try run.perform(device: device)
    if json { try StandardOutput.shared.write(summary.json()) }
  }
}
