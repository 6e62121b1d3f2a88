import ALS
import ArgumentParser
import RatingsIO

/// `gpuals predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the ratings of pairs of user and item.",
    discussion: """
      PAIRS is a file of rows that hold a user and an item; further columns are passed over. The result has the columns \
      user,item,prediction, in the order of the pairs. Where the model does not know the user or the item, \
      --cold-start says what becomes of the pair:
        nan   the prediction is nan
        drop  the pair is left out
        mean  the item's mean training rating if the item is known, else the user's, else that of all
      The means are of preferences, 0 or 1, if the model was trained with --implicit.

      Example:
        printf '1,1000001\\n2,1000002\\n' | gpuals predict --model model -
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: ArgumentHelp("A file of pairs, or - for standard input.", valueName: "PAIRS"))
  var pairs: String

  @Option(help: ArgumentHelp("What becomes of pairs that the model does not know.", valueName: "WAY"))
  var coldStart = ColdStart.nan

  @Option(help: ArgumentHelp("The form of the file of pairs.", valueName: "FORM"))
  var format = FormatChoice.auto

  @Option(
    help: ArgumentHelp("The columns, by name or 1-based position.", valueName: "user,item"),
    transform: { try ColumnSelection(parsing: $0) })
  var columns: ColumnSelection?

  @Option(
    help: ArgumentHelp(
      "Write to a file instead of standard output; its ending says the form: .csv, .tsv, .jsonl, each also with .gz.",
      valueName: "FILE"))
  var output: String?

  @OptionGroup var progress: ProgressOptions

  func run() throws {
    let form = try output.map { try TableForm(path: $0) } ?? TableForm(.csv)
    let notices = progress.notices
    let parts: ModelParts = coldStart == .mean ? [.factors, .ids, .ratings] : [.factors, .ids]
    let loaded = try model.directory.load(parts)
    let factors = loaded.factors.withBiasesAsFactors
    let means = coldStart == .mean ? try trainingMeans(of: loaded) : nil
    let asked = try AskedPairs.read(
      PairsReader(format: format.format, columns: columns), from: Location(pairs), model: loaded)

    Interruption.shared.set(.whenAsked(notice: "stopping"))
    let sink = try TextSink(path: output, isCompressed: form.isCompressed)
    let writer = try PredictionWriter(sink, syntax: form.syntax)
    for index in 0..<asked.count {
      if index % 65536 == 0 { try Interruption.shared.check("interrupted: the predictions are not complete") }
      let (user, item) = (asked.userRow(index), asked.itemRow(index))
      let prediction: Float
      if let user, let item {
        prediction = factors.score(user: user, item: item)
      } else {
        switch coldStart {
        case .nan: prediction = .nan
        case .drop: continue
        case .mean: prediction = means?.mean(user: user, item: item) ?? .nan
        }
      }
      try writer.write(user: asked.user(index), item: asked.item(index), prediction: prediction)
    }
    try writer.finish()
    if asked.unknownCount > 0 {
      notices.note(
        "the model does not know the user or the item of \(Quantity.grouped(asked.unknownCount)) of"
          + " \(Quantity.counted(asked.count, "pair")): \(coldStart.outcome)")
    }
  }

  private func trainingMeans(of loaded: Model) throws(CommandError) -> TrainingMeans {
    guard let ratings = loaded.ratings else {
      throw .ratingsNotKept(
        model: model.model, purpose: "--cold-start mean",
        remedy: "use --cold-start nan or drop, or train again without it")
    }
    return TrainingMeans(ratings, feedback: loaded.parameters.feedback)
  }
}
