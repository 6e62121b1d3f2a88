import ALS
import RatingsIO
import Reporting

/// How the model came about.
extension ReportComposition {
  var trialTable: Report.Section? {
    guard let trials, !trials.trials.isEmpty else { return nil }
    let searched = SearchedParameter.allCases.filter { parameter in
      Set(trials.trials.map { $0.parameters[parameter] }).count > 1
    }
    let rows = trials.ranked.prefix(15).map { trial -> [ReportTable.Cell] in
      [
        .text(
          "\(trial.trial)\(trial.trial == trials.best ? ", best" : trial.outcome == .done ? "" : ", \(trial.outcome.rawValue)")"
        )
      ]
        + searched.map { .number(TrialTable.value($0, of: trial)) }
        + [.number(trial.score.map { Quantity.fixed($0, 4) } ?? "–"), .number(Quantity.duration(trial.seconds))]
    }
    return Report.Section(
      "Trials",
      "The best of \(Quantity.counted(trials.trials.count, "combination")) of parameters that 'gpuals tune' tried, by"
        + " \(trials.search.metric).",
      [
        .table(
          ReportTable(
            columns: ["trial"] + searched.map(\.optionName) + [trials.search.metric, "time"], rows: Array(rows)))
      ])
  }

  var facts: Report.Section {
    let parameters = manifest.parameters
    var rows: [(String, String)] = [
      ("rank", "\(parameters.rank)"), ("regularization λ", "\(parameters.regularization)"),
      ("regularization exponent ν", "\(parameters.regularizationExponent)"),
      ("feedback", parameters.feedback + (parameters.alpha.map { ", α = \($0)" } ?? "")),
      ("iterations", "\(manifest.iterations.count) of \(parameters.iterations)"),
      ("solver", (parameters.solver ?? "cholesky") + (parameters.cgSteps.map { ", \($0) steps" } ?? "")),
      ("precision", parameters.precision ?? "float32"), ("seed", "\(parameters.seed)"),
    ]
    if parameters.nonnegative == true { rows.append(("nonnegative", "yes")) }
    if parameters.biases == true { rows.append(("biases", "yes")) }
    if let stopping = parameters.earlyStopping { rows.append(("early stopping", "after \(stopping)")) }
    if let updates = manifest.updates {
      rows.append(("folded in since", Quantity.counted(updates.batches, "batch", plural: "batches")))
    }
    rows.append(("device", manifest.device))
    if manifest.peakDeviceBytes > 0 {
      rows.append(("device memory", Quantity.bytes(UInt64(manifest.peakDeviceBytes))))
    }
    let phases = [
      ("read", manifest.seconds.read), ("build", manifest.seconds.build), ("train", manifest.seconds.train),
    ]
    let longest = max(1e-9, phases.map(\.1).max() ?? 0)
    return Report.Section(
      "Parameters and timings", "How the model was trained, by gpuals \(manifest.gpualsVersion).",
      [
        .row(
          [
            .table(ReportTable(caption: "Parameters", rows: rows.map { [.text($0.0), .number($0.1)] })),
            .table(
              ReportTable(
                caption: "Seconds",
                rows: phases.map { [.text($0.0), .bar($0.1 / longest, Quantity.duration($0.1))] })),
          ], columns: 2)
      ])
  }
}
