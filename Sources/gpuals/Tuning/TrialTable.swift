import ALS
import RatingsIO

/// The trials of a search for people, the best first.
struct TrialTable {
  let log: TrialLog
  /// The parameters that differ between trials.
  let searched: [SearchedParameter]
  /// Lines that a person reads; the file has them all.
  private static let limit = 30

  /// The table.
  func text() -> String {
    let hasDeviation = log.trials.contains { $0.deviation != nil }
    var columns: [(title: String, alignment: TextTable.Alignment)] = [("trial", .right)]
    columns += searched.map { ($0.optionName, .right) }
    columns.append((log.search.metric, .right))
    if hasDeviation { columns.append(("±", .right)) }
    columns += [("time", .right), ("", .left)]
    var table = TextTable(columns)
    let ranked = log.ranked
    for trial in ranked.prefix(Self.limit) {
      var cells = ["\(trial.trial)"]
      cells += searched.map { Self.value($0, of: trial) }
      cells.append(trial.score.map { Quantity.fixed($0, 4) } ?? "–")
      if hasDeviation { cells.append(trial.deviation.map { Quantity.fixed($0, 4) } ?? "") }
      cells += [Quantity.duration(trial.seconds), Self.remark(on: trial, isBest: trial.trial == log.best)]
      table.rows.append(cells)
    }
    let more = ranked.count - Self.limit
    return table.text() + (more > 0 ? "… and \(Quantity.counted(more, "more trial", plural: "more trials"))\n" : "")
  }

  /// "rank 16, regularization 0.05": what is special about a trial.
  static func summary(of trial: Trial, searched: [SearchedParameter]) -> String {
    (searched.isEmpty ? [.rank, .regularization] : searched)
      .map { "\($0.optionName) \(value($0, of: trial))" }.joined(separator: ", ")
  }

  /// The parameters that differ between runs.
  static func searched(in runs: [ALSParameters]) -> [SearchedParameter] {
    SearchedParameter.allCases.filter { parameter in Set(runs.map { $0[parameter] }).count > 1 }
  }

  /// The value of a parameter in words.
  static func value(_ parameter: SearchedParameter, of trial: Trial) -> String {
    guard let value = trial.parameters[parameter] else { return "–" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func remark(on trial: Trial, isBest: Bool) -> String {
    switch trial.outcome {
    case .done where isBest: "best"
    case .done: ""
    case .stopped: "stopped after iteration \(trial.rounds.last?.iterations.last ?? 0)"
    case .failed: trial.reason ?? "failed"
    }
  }
}

extension ModelManifest.Parameters {
  /// As of `ALSParameters`.
  subscript(parameter: SearchedParameter) -> Double? {
    switch parameter {
    case .rank: Double(rank)
    case .regularization: regularization
    case .regularizationExponent: regularizationExponent
    case .alpha: alpha
    case .iterations: Double(iterations)
    case .initialNorm: initialNorm
    }
  }
}
