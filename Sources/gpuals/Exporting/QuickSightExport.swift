import ALS
import RatingsIO

/// The files that a QuickSight dashboard about a recommender stands on: a CSV file and a manifest for each data set.
struct QuickSightExport {
  /// A model, its ratings, and what it recommends.
  let material: ReportMaterial
  /// The lists of the users.
  let device: ListDeviceOptions
  /// The directory, here or in S3, that is written to.
  let output: String
  /// Where the files will be in S3.
  let place: String
  let notices: Notices

  private static let evaluationLength = 10

  /// The data sets, in the order in which they are written.
  static let dataSets = ["recommendations", "items", "users", "training", "evaluation"]

  /// - Parameters:
  ///   - prefix: where the files will be in S3, if they are written elsewhere.
  /// - Throws: `CommandError.cannotExport` where that is not known.
  init(_ material: ReportMaterial, device: ListDeviceOptions, output: String, prefix: String?, notices: Notices)
    throws
  {
    self.material = material
    self.device = device
    self.notices = notices
    self.output = Self.directory(output)
    guard let place = prefix ?? (output.hasPrefix("s3://") ? output : nil), place.hasPrefix("s3://") else {
      throw CommandError.cannotExport(
        model: material.path, to: "quicksight",
        reason:
          "QuickSight reads from S3: give --output s3://bucket/prefix/, or --s3-prefix s3://bucket/prefix/ where the files"
          + " will be copied to")
    }
    self.place = Self.directory(place)
  }

  /// A name that others are appended to.
  private static func directory(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }

  private var model: Model { material.model }

  /// Writes all files; the manifests come last, for then what they refer to is there.
  func write() throws {
    // In S3 there are no directories to make.
    if !output.hasPrefix("s3://") { try FilePath.createDirectories(String(output.dropLast())) }
    Interruption.shared.set(.whenAsked(notice: "stopping"))
    try recommendations()
    try items()
    try users()
    try training()
    try evaluation()
    for name in Self.dataSets {
      let file = try AtomicFile("\(output)\(name).manifest.json")
      let text = try JSONDocument.text(of: QuickSightManifest(["\(place)\(name).csv"]))
      try Array(text.utf8).withUnsafeBytes { try file.write($0) }
      try file.commit()
    }
    notices.note("wrote \(Self.dataSets.count) data sets with their manifests to \(output)")
  }

  private func table(_ name: String, _ columns: [String], _ rows: (TableWriter) throws -> Void) throws {
    let writer = try TableWriter(TextSink(path: "\(output)\(name).csv"), syntax: .csv, columns: columns)
    try rows(writer)
    try writer.finish()
  }

  private func name(of item: Int) -> TableWriter.Cell { model.itemNames?[item].map { .text($0) } ?? .none }

  private func recommendations() throws {
    let known = material.ratings
    let search = try ListSearch(
      device, factors: material.factors, allowed: [Bool](repeating: true, count: model.items.count),
      seen: [known].compactMap { $0 }, count: material.count, userCount: model.users.count, notices)
    let run = ListRun(search: search, count: material.count, subject: "user", notices: notices)
    try table("recommendations", ["user", "rank", "item", "name", "score"]) { writer in
      try run.forEachBlock(of: Array(0..<model.users.count)) { users, lists in
        for (user, list) in zip(users, lists) {
          for (place, entry) in list.enumerated() {
            try writer.write([
              .text(model.users[user]), .integer(place + 1), .text(model.items[entry.row]), name(of: entry.row),
              .float(entry.score),
            ])
          }
        }
      }
    }
  }

  private func items() throws {
    let activity = material.ratings.map { RowActivity($0.transposed(), side: .item, material: material) }
    try table(
      "items", ["item", "name", "ratings", "mean_rating", "rmse", "lists", "share_of_recommendations"]
    ) { writer in
      let all = Double(max(1, material.frequencies.reduce(0, +)))
      for item in 0..<model.items.count {
        try writer.write(
          [.text(model.items[item]), name(of: item)] + RowActivity.cells(activity, item) + [
            .integer(material.frequencies[item]), .double(Double(material.frequencies[item]) / all),
          ])
      }
    }
  }

  private func users() throws {
    let activity = material.ratings.map { RowActivity($0, side: .user, material: material) }
    try table("users", ["user", "ratings", "mean_rating", "rmse"]) { writer in
      for user in 0..<model.users.count {
        try writer.write([.text(model.users[user])] + RowActivity.cells(activity, user))
      }
    }
  }

  private func training() throws {
    func cell(_ value: Double?) -> TableWriter.Cell { value.map { .double($0) } ?? .none }
    try table("training", ["iteration", "seconds", "train_rmse", "test_rmse", "loss"]) { writer in
      for record in material.manifest.iterations {
        try writer.write([
          .integer(record.iteration), .double(record.seconds), cell(record.trainRMSE), cell(record.testRMSE),
          cell(record.loss),
        ])
      }
    }
  }

  private func evaluation() throws {
    var values: [(String, Double)] = []
    if let test = material.test {
      let feedback = model.parameters.feedback
      let errors = RatingMetrics(of: material.factors, on: test, feedback: feedback)
      values += [("rmse", errors.rmse), ("mae", errors.mae)]
      let relevant = RelevantItems(in: test, seen: material.ratings, feedback: feedback, from: nil).matrix
      if relevant.entryCount > 0 {
        let k = Self.evaluationLength
        values += try RankingMeasurement(
          relevant: relevant, training: material.ratings, device: device, notices: notices
        ).values(
          of: [.precision(k), .recall(k), .ndcg(k), .map(k), .coverage(k), .novelty(k), .auc], factors: material.factors
        )
      }
    } else if let kept = material.manifest.iterations.prefix(
      material.manifest.bestIteration ?? material.manifest.iterations.count
    ).last {
      if let error = kept.testRMSE { values.append(("rmse", error)) }
    }
    let covered = Double(material.frequencies.count { $0 > 0 }) / Double(max(1, material.frequencies.count))
    values.append(("recommended_items", covered))
    try table("evaluation", ["metric", "value"]) { writer in
      for (name, value) in values where value.isFinite { try writer.write([.text(name), .double(value)]) }
    }
  }
}
