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

      Examples:
        gpuals import --from implicit als.npz --model model
        gpuals import --from implicit als.npz --model model --users users.txt --items items.txt --ratings user_items.npz
      """)

  @Option(help: ArgumentHelp("The software that wrote it.", valueName: "implicit"))
  var from: Origin

  @Argument(help: ArgumentHelp("The model to import.", valueName: "PATH"))
  var path: String

  @Option(help: ArgumentHelp("The model directory to write.", valueName: "DIR"))
  var model: String

  @Option(help: ArgumentHelp("The ids of the users, one a line in row order.", valueName: "FILE"))
  var users: String?

  @Option(help: ArgumentHelp("The ids of the items, one a line in row order.", valueName: "FILE"))
  var items: String?

  @Option(
    help: ArgumentHelp("The training matrix, users × items, in the same rows and columns.", valueName: "FILE.npz"))
  var ratings: String?

  @OptionGroup var itemNames: ItemNameOptions

  @OptionGroup var progress: ProgressOptions

  /// What wrote it.
  enum Origin: String, CaseIterable, ExpressibleByArgument {
    case implicit
  }

  func validate() throws {
    if [users, items].count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func run() throws {
    let notices = progress.notices
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was written"))
    let target = ModelDirectory(model)
    try target.checkWritable()
    let imported = try ImplicitModel(path)
    let (userCount, itemCount) = (imported.factors.user.rowCount, imported.factors.item.rowCount)
    let userIDs = try ids(users, count: userCount, side: .user)
    let itemIDs = try ids(items, count: itemCount, side: .item)
    let matrix = try ratings.map { try imported.ratings($0) }
    let none = CSRMatrix(rowCount: userCount, columnCount: itemCount, entries: [])
    let result = Model(
      parameters: imported.parameters, users: userIDs, items: itemIDs,
      state: TrainingState(history: [], factors: imported.factors),
      itemNames: try itemNames.names(for: itemIDs, notices), ratings: matrix, ratingCount: matrix?.entryCount ?? 0,
      ratingsFingerprint: (matrix ?? none).fingerprint, device: "\(from.rawValue) (imported)")
    Interruption.shared.set(.whenAsked(notice: "stopping once the model is written"))
    try target.save(result, seconds: PhaseSeconds(), peakDeviceBytes: 0, keepsRatings: matrix != nil)
    notices.note(
      "imported \(Quantity.counted(userCount, "user")) and \(Quantity.counted(itemCount, "item")) of rank"
        + " \(imported.parameters.rank); the model is in \(model)")
    notices.note(
      matrix == nil
        ? "without --ratings, items that users have had are recommended again, and update and explain want --ratings"
        : "implicit weighs a rating by α·r, gpuals by 1 + α·r: what update solves comes out a little otherwise than there"
    )
    try Interruption.shared.check("interrupted, but the import was complete and is saved in \(model)")
  }

  private func ids(_ file: String?, count: Int, side: Side) throws -> IDIndex {
    try file.map { try RowIDs.read(Location($0), count: count) } ?? RowIDs.numbers(count, side: side)
  }
}
