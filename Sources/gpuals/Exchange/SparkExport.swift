import ALS
import RatingsIO

/// A model as a directory that `ALSModel.load` of Spark reads.
struct SparkExport {
  /// The model, as the user named it.
  let model: String
  /// Where it goes, here or in S3.
  let output: String
  /// Whether users and items get the numbers of their rows for ids.
  let numbersIDs: Bool
  let notices: Notices

  /// What Spark reads first.
  private static let metadata = "metadata"

  /// Writes it; it appears whole or not at all.
  func write() throws {
    Interruption.shared.set(.whenAsked(notice: "stopping"))
    let directory = ModelDirectory(model)
    let manifest = try directory.loadManifest()
    guard manifest.parameters.biases != true else {
      throw CommandError.cannotExport(
        model: model, to: "spark",
        reason: "it has biases, which Spark's ALSModel does not know: train it without --biases")
    }
    if let scheme = output.scheme, scheme != "s3" { throw CommandError.foreignPlace(output, scheme: scheme) }
    if RemoteFolder.holds(output) {
      try RemoteFolder.checkEmpty(output)
      let staging = try TemporaryDirectory()
      let local = staging.path + "/model"
      try write(directory, to: local)
      try RemoteFolder.put(local, at: output, last: Self.metadata)
    } else {
      try write(directory, to: output)
    }
    notices.note(
      "wrote \(Quantity.counted(manifest.users, "user")) and \(Quantity.counted(manifest.items, "item")) of rank"
        + " \(manifest.rank) to \(output); in PySpark: pyspark.ml.recommendation.ALSModel.load(\"\(output)\")")
    if numbersIDs {
      notices.note(
        "Spark knows users and items by numbers: user_ids.csv and item_ids.csv in \(output) tell which is which")
    }
  }

  private func write(_ directory: ModelDirectory, to local: String) throws {
    func export(_ path: String) throws {
      try PythonExchange.run(
        ["export-spark"] + (numbersIDs ? ["--number-ids"] : []) + ["--", path, local],
        interruption: "interrupted: nothing was written to \(output)")
    }
    guard RemoteFolder.holds(model) else { return try export(model) }
    // Python reads what is on this machine.
    let copy = try TemporaryDirectory()
    let loaded = try directory.load([.factors, .ids])
    try ModelDirectory(copy.path + "/model").save(
      loaded, seconds: PhaseSeconds(), peakDeviceBytes: 0, keepsRatings: false)
    try export(copy.path + "/model")
  }
}
