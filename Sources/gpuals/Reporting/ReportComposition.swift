import ALS
import RatingsIO
import Reporting

/// Puts a report together.
struct ReportComposition {
  let material: ReportMaterial
  let examples: ReportExamples
  /// What the page is headed, if it was said.
  let title: String?
  /// Of 'tune', where the model comes from there.
  let trials: TrialLog?
  private let activity: ActivityErrors?

  init(material: ReportMaterial, examples: ReportExamples, title: String?, trials: TrialLog?) {
    self.material = material
    self.examples = examples
    self.title = title
    self.trials = trials
    activity = material.ratings.map { ratings in
      ActivityErrors(
        training: ratings, measured: material.test ?? ratings, factors: material.factors,
        feedback: material.model.parameters.feedback)
    }
  }

  var model: Model { material.model }
  var manifest: ModelManifest { material.manifest }

  /// The report.
  var report: Report {
    let name = title ?? "Recommender \(Self.name(of: material.path))"
    let feedback = model.parameters.feedback.isImplicit ? "evidence of preference (implicit)" : "ratings (explicit)"
    return Report(
      title: name,
      summary:
        "Alternating least squares on \(feedback), rank \(model.parameters.rank), trained on \(manifest.device).",
      figures: figures,
      sections: [
        curve, distribution, users, errors, popularity, coverage, recommendations, neighbourhoods, trialTable, facts,
      ].compactMap { $0 },
      footer: "Written by gpuals report \(Model.softwareVersion) from \(material.path).")
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  // MARK: Headline

  private var figures: [Report.Figure] {
    let (users, items) = (manifest.users, manifest.items)
    let density = Double(manifest.ratings) / Double(max(1, users)) / Double(max(1, items))
    var figures = [
      Report.Figure("Users", Quantity.grouped(users)), Report.Figure("Items", Quantity.grouped(items)),
      Report.Figure(
        "Ratings", Quantity.abbreviated(Double(manifest.ratings)),
        note: "\(Quantity.significant(100 * density)) % of all pairs"),
    ]
    if let test = material.test {
      let errors = RatingMetrics(of: material.factors, on: test, feedback: model.parameters.feedback)
      figures.append(
        Report.Figure(
          "Held-out RMSE", Quantity.measure(errors.rmse), note: "of \(Quantity.counted(errors.count, "rating"))"))
    } else if let kept = manifest.iterations.prefix(manifest.bestIteration ?? manifest.iterations.count).last {
      if let error = kept.testRMSE {
        figures.append(Report.Figure("Held-out RMSE", Quantity.measure(error), note: "while training"))
      } else if let error = kept.trainRMSE {
        figures.append(Report.Figure("Training RMSE", Quantity.measure(error)))
      }
    }
    figures.append(
      Report.Figure(
        "Coverage", Quantity.significant(100 * coveredShare) + " %",
        note: "of items are in somebody's best \(material.count)"))
    figures.append(Report.Figure("Training", Quantity.duration(manifest.seconds.train)))
    return figures
  }

  private var coveredShare: Double {
    Double(material.frequencies.count { $0 > 0 }) / Double(max(1, material.frequencies.count))
  }

  // MARK: Training

  private var curve: Report.Section? {
    let records = manifest.iterations
    guard records.count > 1 else { return nil }
    func series(_ name: String, _ value: KeyPath<IterationRecord, Double?>) -> LineChart.Series? {
      let points = records.compactMap { record in record[keyPath: value].map { (Double(record.iteration), $0) } }
      return points.isEmpty ? nil : LineChart.Series(name, points.map { (x: $0.0, y: $0.1) })
    }
    var blocks: [Report.Block] = []
    func chart(_ label: String, _ series: [LineChart.Series]) {
      guard !series.isEmpty else { return }
      blocks.append(
        .lines(
          LineChart(
            "\(label) after each iteration", x: Axis("iteration", isWhole: true), y: Axis(label), series: series
          ) { Quantity.measure($0) }))
    }
    chart("RMSE", [series("training", \.trainRMSE), series("held out", \.testRMSE)].compactMap { $0 })
    chart("objective", [series("objective", \.loss)].compactMap { $0 })
    guard !blocks.isEmpty else { return nil }
    var text = "The error after each of \(Quantity.counted(records.count, "iteration"))."
    if let best = manifest.bestIteration { text += " Early stopping kept the factors of iteration \(best)." }
    return Report.Section("Learning curve", text, blocks)
  }

  // MARK: Ratings

  private var distribution: Report.Section? {
    guard let ratings = material.ratings, let bins = RatingBins(ratings.values) else { return nil }
    return Report.Section(
      "Ratings", "How often each rating was given, \(Quantity.counted(ratings.entryCount, "rating")) in all.",
      [
        .bars(
          BarChart(
            "Number of ratings by value", xLabel: bins.label, y: Axis("ratings"), categories: bins.names,
            series: [BarChart.Series("ratings", bins.counts.map(Double.init))]
          ) { Quantity.grouped(Int($0)) })
      ])
  }

  private var errors: Report.Section? {
    guard let activity else { return nil }
    let isTest = material.test != nil
    let what = isTest ? "held-out" : "training"
    return Report.Section(
      "Error by activity of users",
      "Users with more ratings are known better: the error of \(what) ratings, by how many ratings their users have."
        + (isTest
          ? ""
          : " Training errors of users with few ratings are low because few are easily fitted; --test shows the held-out error."),
      [
        .bars(
          BarChart(
            "RMSE of \(what) ratings by ratings of the user", xLabel: "ratings of the user", y: Axis("RMSE"),
            categories: activity.names, remarks: activity.users.map { Quantity.counted($0, "user") },
            series: [BarChart.Series("RMSE", activity.errors)]
          ) { Quantity.measure($0) })
      ])
  }

  private var users: Report.Section? {
    guard let activity else { return nil }
    return Report.Section(
      "Activity of users", "How many users have how many ratings.",
      [
        .bars(
          BarChart(
            "Users by their number of ratings", xLabel: "ratings of the user", y: Axis("users"),
            categories: activity.names, series: [BarChart.Series("users", activity.users.map(Double.init))]
          ) { Quantity.grouped(Int($0)) })
      ])
  }
}
