import ALS
import RatingsIO

/// A saved `ALSModel` of Spark as a model directory.
struct SparkImport {
  /// The saved model, here or in S3.
  let path: String
  /// What Spark does not keep of the run.
  let settings: SparkSettings
  /// The training ratings, if given.
  let ratings: String?
  /// How they are read.
  let reading: ReadingOptions
  let notices: Notices

  /// A model, and what is told of it once it is written.
  struct Result {
    var imported: SparkModel
    var parameters: ALSParameters
    var ratings: CSRMatrix?
    var notes: [String]
  }

  /// Reads it all.
  func read() throws -> Result {
    if let scheme = path.scheme, scheme != "s3" { throw CommandError.foreignPlace(path, scheme: scheme) }
    let imported = try unpack()
    let parameters = try settings.parameters(rank: imported.factors.user.rank)
    var notes: [String] = []
    if imported.hasRestoredIDs { notes.append("users and items have the ids of the tables beside the model") }
    if settings.regularization == nil {
      notes.append(
        "Spark keeps no settings: λ \(parameters.regularization) is taken for what update solves (--regularization says another)"
      )
    }
    let matrix = try ratings.map { try self.ratings($0, of: imported) }
    if matrix == nil {
      notes.append(
        "without --ratings, items that users have had are recommended again, and update and explain want --ratings")
    }
    return Result(imported: imported, parameters: parameters, ratings: matrix, notes: notes)
  }

  private func unpack() throws -> SparkModel {
    var local = path
    var copy: TemporaryDirectory?
    defer { withExtendedLifetime(copy) {} }
    if RemoteFolder.holds(path) {
      let fetched = try RemoteFolder.fetch(path)
      local = fetched.path
      copy = fetched
    }
    let parts = try TemporaryDirectory()
    do {
      try PythonExchange.run(
        ["unpack-spark", "--", local, parts.path], interruption: "interrupted: nothing was written")
    } catch CommandError.exchange(let status, let message) where local != path {
      // The user knows the place in S3, and not its copy.
      throw CommandError.exchange(status: status, message: message.replacing(local, with: path))
    }
    return try SparkModel(unpackedIn: parts.path, model: path)
  }

  private func ratings(_ file: String, of model: SparkModel) throws -> CSRMatrix {
    var options = reading.readOptions(for: settings.feedback)
    // Spark counts each row of a pair, so that equations solved later are those of the run.
    options.defaultDuplicates = .keep
    let set = try RatingsReader(options: options).read([Location(file)], users: model.users, items: model.items)
    ReadingNotices(report: set.report, options: options).tell(notices)
    guard set.ratings.entryCount > 0 else {
      throw CommandError.ratingsOfOthers(file: file, unknown: set.report.unknown)
    }
    if set.report.unknown > 0 {
      notices.warn(
        "\(file): \(Quantity.counted(set.report.unknown, "rating")) of users or items that the model does not know are left out"
      )
    }
    return set.ratings
  }
}
