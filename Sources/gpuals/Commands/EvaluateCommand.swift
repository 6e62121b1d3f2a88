import ALS
import ArgumentParser
import RatingsIO

/// `gpuals evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model's error on ratings that it has not seen.",
    discussion: """
      The error is the difference between rating and prediction; for a model trained with --implicit, between the \
      preference (1 for a rating above 0, else 0) and the prediction. Ratings of users or items that the model does not \
      know are counted and left out.

      Example:
        gpuals evaluate --model model --test test.tsv --metrics rmse,mae
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("Ratings to measure on: a file, a directory, or - for standard input.", valueName: "FILE"))
  var test: String

  @Option(
    help: ArgumentHelp(
      "What to compute: rmse (root mean squared error), mae (mean absolute error).", valueName: "rmse,mae"),
    transform: { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) })
  var metrics: [String] = Metric.allCases.map(\.rawValue)

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  /// What can be computed.
  enum Metric: String, CaseIterable {
    case rmse, mae
  }

  func run() throws {
    let wanted = try metrics.map { name in
      guard let metric = Metric(rawValue: name) else {
        throw CommandError.unknownMetric(name, known: Metric.allCases.map(\.rawValue))
      }
      return metric
    }
    let notices = progress.notices
    let model = try model.directory.load([.factors, .ids])
    let options = reading.readOptions(for: model.parameters.feedback)
    let set = try RatingsReader(options: options)
      .read([Location(test)], users: model.users, items: model.items)
    StatusLine.shared.clear()
    ReadingNotices(report: set.report, options: options).tell(notices)
    guard set.ratings.entryCount > 0 else {
      throw CommandError.noKnownPairs(file: test, unknown: set.report.unknown)
    }
    if set.report.unknown > 0 {
      notices.note(
        "left out \(Quantity.counted(set.report.unknown, "rating")) whose user or item the model does not know")
    }
    let found = Self.measure(model, on: set.ratings)
    try report(found, wanted: wanted, unknown: set.report.unknown)
  }

  private static func measure(_ model: Model, on ratings: CSRMatrix) -> RatingMetrics {
    var metrics = RatingMetrics()
    let factors = model.factors.withBiasesAsFactors
    for user in 0..<ratings.rowCount {
      for entry in ratings.entries(ofRow: user) {
        metrics.add(
          prediction: factors.score(user: user, item: Int(ratings.columnIndices[entry])),
          target: model.parameters.feedback.target(of: ratings.values[entry]))
      }
    }
    return metrics
  }

  private func report(_ found: RatingMetrics, wanted: [Metric], unknown: Int) throws {
    func value(_ metric: Metric) -> Double {
      switch metric {
      case .rmse: found.rmse
      case .mae: found.mae
      }
    }
    if json {
      try JSONDocument.print(
        Evaluation(
          pairs: found.count, unknownPairs: unknown, rmse: wanted.contains(.rmse) ? found.rmse : nil,
          mae: wanted.contains(.mae) ? found.mae : nil))
      return
    }
    var table = TextTable([("metric", .left), ("value", .right)])
    table.rows = wanted.map { [$0.rawValue, Quantity.fixed(value($0), 6)] }
    table.rows.append(["pairs", Quantity.grouped(found.count)])
    if unknown > 0 { table.rows.append(["unknown pairs", Quantity.grouped(unknown)]) }
    try StandardOutput.shared.write(table.text())
  }
}

/// The JSON of `evaluate`.
private struct Evaluation: Encodable {
  var pairs: Int
  var unknownPairs: Int
  var rmse: Double?
  var mae: Double?

  enum CodingKeys: String, CodingKey {
    case pairs, rmse, mae
    case unknownPairs = "unknown_pairs"
  }
}
