import ALS
import ArgumentParser
import RatingsIO

/// `gpuals export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in the form of other software.",
    discussion: """
      implicit: a file for implicit.cpu.als.AlternatingLeastSquares.load (implicit 0.7), which recommends, and folds in users \
      and items, as with a model of its own. It knows rows in place of ids: row k belongs to the k-th line of users.txt \
      and items.txt in the model directory, and user_items is its ratings.npz. The confidence in a rating is α·r there and \
      1 + α·r here: for recalculate_user and partial_fit_users, give (1 + α·r) / α in place of r.

      spark: a directory for org.apache.spark.ml.recommendation.ALSModel.load (Spark 3 and 4), here or in S3. Spark's ids are whole \
      numbers of 32 bits; --number-ids makes such of any others. It takes Python 3 with this project's package and pyarrow: \
      python3 -m pip install './python[parquet]' in a clone.

      quicksight: five data sets for a dashboard, recommendations, items, users, training and evaluation, each a CSV file and the \
      manifest by which QuickSight imports it from S3. README says which visuals to build of them.

      Examples:
        gpuals export --model model --to implicit --output model.npz
        gpuals export --model model --to spark --output als-model
        gpuals export --model model --to quicksight --test test.tsv --output s3://music/dashboard/
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The software that is to read it.", valueName: "implicit|spark|quicksight"))
  var to: Target

  @Option(
    help: ArgumentHelp(
      "The file to write; for spark and quicksight a directory, here or in S3.", valueName: "LOCATION"))
  var output: String

  @Flag(
    help: """
      With --to spark: call users and items by the numbers of their rows, and write user_ids.csv and item_ids.csv, which tell which \
      is which, beside the model.
      """)
  var numberIds = false

  @Option(
    help: ArgumentHelp(
      "With --to quicksight and a directory here: where in S3 its files will be copied to.",
      valueName: "s3://BUCKET/PREFIX/"))
  var s3Prefix: String?

  @Option(
    help: ArgumentHelp("With --to quicksight: ratings to evaluate the model on.", valueName: "FILE"))
  var test: String?

  @Option(
    name: [.customShort("n"), .customLong("count")],
    help: ArgumentHelp("With --to quicksight: recommendations for each user.", valueName: "N"))
  var count = 10

  @OptionGroup(title: "Where lists are computed")
  var device: ListDeviceOptions

  @OptionGroup(title: "How --test is read")
  var reading: ReadingOptions

  @OptionGroup var progress: ProgressOptions

  /// What is written for.
  enum Target: String, CaseIterable, ExpressibleByArgument {
    case implicit, spark, quicksight
  }

  func validate() throws {
    guard (1...1000).contains(count) else { throw ValidationError("-n is \(count), but must be from 1 to 1000.") }
    if to != .quicksight, s3Prefix != nil || test != nil {
      throw ValidationError("--s3-prefix and --test belong to --to quicksight.")
    }
    if to != .spark, numberIds { throw ValidationError("--number-ids belongs to --to spark.") }
  }

  func run() throws {
    let notices = progress.notices
    switch to {
    case .quicksight:
      let material = try ReportMaterial(
        model: model, test: test, ratings: [], count: count, device: device, reading: reading, notices: notices)
      try QuickSightExport(material, device: device, output: output, prefix: s3Prefix, notices: notices).write()
    case .spark:
      try SparkExport(model: model.model, output: output, numbersIDs: numberIds, notices: notices).write()
    case .implicit:
      let loaded = try model.directory.load([.factors])
      guard loaded.factors.biases == nil else {
        throw CommandError.cannotExport(
          model: model.model, to: "implicit", reason: "it has biases, which implicit does not know")
      }
      guard output.hasSuffix(".npz") else {
        throw CommandError.cannotExport(
          model: model.model, to: "implicit",
          reason: "implicit reads files whose names end with .npz, and \(output) does not")
      }
      if !loaded.parameters.feedback.isImplicit {
        notices.warn(
          "\(model.model) was trained on explicit ratings: implicit recommends with its factors, but what it folds in it takes"
            + " for evidence of preference")
      }
      if loaded.parameters.regularizationExponent != 0 {
        notices.note(
          "\(model.model) weighs λ by the number of ratings, implicit does not (--regularization-exponent 0): what it folds in"
            + " comes out a little otherwise")
      }
      try ImplicitModelFile.write(loaded, to: output)
      notices.note(
        "wrote \(output): rows in the order of \(model.model)/users.txt and items.txt; in Python:"
          + " implicit.cpu.als.AlternatingLeastSquares.load(\"\(output)\")")
    }
  }
}
