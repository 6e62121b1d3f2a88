import ALS
import ArgumentParser
import RatingsIO

/// `gpuals import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model directory of a model that other software trained.",
    discussion: """
      implicit: PATH is what implicit.cpu.als.AlternatingLeastSquares.save of implicit 0.7 wrote. It knows rows in place of ids: \
      --users and --items name them, one a line in row order; without, rows are called by their numbers from 0 on. \
      --ratings is the user_items that it was trained on, as scipy.sparse.save_npz writes it: with it, recommend leaves \
      out what users have had, and update and explain work. implicit weighs a rating by α·r, gpuals by 1 + α·r: \
      recommendations are the same, but what update solves comes out a little otherwise.

      spark: PATH is the directory, here or in S3, that ALSModel.save of Spark 3 or 4 wrote. It holds ids and factors alone: \
      --ratings is what it was trained on, in any form that train reads, and --regularization, --implicit, --alpha and \
      --nonnegative say how. It takes Python 3 with this project's package and pyarrow: \
      python3 -m pip install './python[parquet]' in a clone.

      Examples:
        gpuals import --from implicit als.npz --model model
        gpuals import --from implicit als.npz --model model --users users.txt --items items.txt --ratings user_items.npz
        gpuals import --from spark als-model --model model --ratings ratings.csv --regularization 0.05
      """)

  @Option(help: ArgumentHelp("The software that wrote it.", valueName: "implicit|spark"))
  var from: Origin

  @Argument(help: ArgumentHelp("The model to import.", valueName: "PATH"))
  var path: String

  @Option(help: ArgumentHelp("The model directory to write.", valueName: "DIR"))
  var model: String

  @Option(help: ArgumentHelp("With --from implicit: the ids of the users, one a line in row order.", valueName: "FILE"))
  var users: String?

  @Option(help: ArgumentHelp("With --from implicit: the ids of the items, one a line in row order.", valueName: "FILE"))
  var items: String?

  @Option(
    help: ArgumentHelp(
      "The training ratings. Of implicit: its matrix, users × items, in the same rows and columns.", valueName: "FILE"))
  var ratings: String?

  @OptionGroup(title: "How Spark trained")
  var settings: SparkSettings

  @OptionGroup(title: "How ratings of Spark are read")
  var reading: ReadingOptions

  @OptionGroup var itemNames: ItemNameOptions

  @OptionGroup var progress: ProgressOptions

  /// What wrote it.
  enum Origin: String, CaseIterable, ExpressibleByArgument {
    case implicit, spark
  }

  func validate() throws {
    if [users, items].count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
    if from == .spark, users != nil || items != nil {
      throw ValidationError("--users and --items name rows of implicit's models; those of Spark have ids of their own.")
    }
    if from != .spark, settings.isGiven {
      throw ValidationError("--regularization, --implicit, --alpha and --nonnegative belong to --from spark.")
    }
  }

  /// What is imported, whatever wrote it.
  private struct Content {
    var users: IDIndex
    var items: IDIndex
    var factors: Factors
    var parameters: ALSParameters
    var ratings: CSRMatrix?
    var device: String
    var notes: [String]
  }

  func run() throws {
    let notices = progress.notices
    let target = ModelDirectory(model)
    try target.checkWritable()
    let content: Content
    switch from {
    case .implicit:
      Interruption.shared.set(.atOnce(message: "interrupted: nothing was written"))
      content = try ofImplicit()
    case .spark:
      // A program is at work that is to clean up behind itself.
      Interruption.shared.set(.whenAsked(notice: "stopping"))
      content = try ofSpark(notices)
    }
    let (userCount, itemCount) = (content.users.count, content.items.count)
    let none = CSRMatrix(rowCount: userCount, columnCount: itemCount, entries: [])
    let result = Model(
      parameters: content.parameters, users: content.users, items: content.items,
      state: TrainingState(history: [], factors: content.factors),
      itemNames: try itemNames.names(for: content.items, notices), ratings: content.ratings,
      ratingCount: content.ratings?.entryCount ?? 0, ratingsFingerprint: (content.ratings ?? none).fingerprint,
      device: "\(content.device) (imported)")
    try Interruption.shared.check("interrupted: nothing was written")
    Interruption.shared.set(.whenAsked(notice: "stopping once the model is written"))
    try target.save(result, seconds: PhaseSeconds(), peakDeviceBytes: 0, keepsRatings: content.ratings != nil)
    notices.note(
      "imported \(Quantity.counted(userCount, "user")) and \(Quantity.counted(itemCount, "item")) of rank"
        + " \(content.parameters.rank); the model is in \(model)")
    for note in content.notes { notices.note(note) }
    try Interruption.shared.check("interrupted, but the import was complete and is saved in \(model)")
  }

  private func ofImplicit() throws -> Content {
    let imported = try ImplicitModel(path)
    let users = try ids(users, count: imported.factors.user.rowCount, side: .user)
    let items = try ids(items, count: imported.factors.item.rowCount, side: .item)
    let matrix = try ratings.map { try imported.ratings($0) }
    return Content(
      users: users, items: items, factors: imported.factors, parameters: imported.parameters, ratings: matrix,
      device: from.rawValue,
      notes: [
        matrix == nil
          ? "without --ratings, items that users have had are recommended again, and update and explain want --ratings"
          : "implicit weighs a rating by α·r, gpuals by 1 + α·r: what update solves comes out a little otherwise than there"
      ])
  }

  private func ofSpark(_ notices: Notices) throws -> Content {
    let result = try SparkImport(
      path: path, settings: settings, ratings: ratings, reading: reading, notices: notices
    ).read()
    return Content(
      users: result.imported.users, items: result.imported.items, factors: result.imported.factors,
      parameters: result.parameters, ratings: result.ratings, device: "spark \(result.imported.sparkVersion)",
      notes: result.notes)
  }

  private func ids(_ file: String?, count: Int, side: Side) throws -> IDIndex {
    try file.map { try RowIDs.read(Location($0), count: count) } ?? RowIDs.numbers(count, side: side)
  }
}
