import ALS
import RatingsIO
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One run of `tune`: the ratings are read and brought to the device once, every combination of parameters is trained and
/// measured, and the best one is trained on all ratings.
struct TuningRun: Sendable {
  /// What is read. What is held out by it is what trials are measured on, unless there are folds.
  var source: TrainingSource
  /// Rounds of cross-validation.
  var folds: Int?
  /// What is aimed at.
  var metric: EvaluationMetric
  /// The lowest rating of a relevant item.
  var relevantFrom: Double?
  /// What is tried.
  var trials: [ALSParameters]
  /// Where the model goes.
  var directory: ModelDirectory
  /// The same as the user wrote it.
  var model: String
  /// The file of all trials.
  var logFile: String
  /// Go on from that file.
  var resumes: Bool
  /// Trials at a time.
  var parallel: Int?
  /// Whether trials that promise nothing are stopped.
  var stopsHopeless: Bool
  /// Keep the training matrix with the model.
  var keepsRatings: Bool

  /// The parameters that differ between trials.
  var searched: [SearchedParameter] { TrialTable.searched(in: trials) }
  private var notices: Notices { source.notices }
  /// A crash loses the trials of so long.
  private static let secondsBetweenWrites = 2.0

  /// What was read, and what is made of it.
  private struct Splits {
    var input: TrainingInput
    var rounds: [TrainingData]
  }

  /// Does it all.
  ///
  /// - Parameter showTable: called with the trials when all are done, before the best one is trained.
  func perform(device: DeviceOptions, showTable: (TrialLog) throws -> Void) throws -> TrialLog {
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was saved"))
    try directory.checkWritable()
    let backend = try device.backend()
    directory.removeLeftovers()
    let earlier = resumes ? try TrialLog.read(from: logFile) : nil
    if resumes, earlier == nil {
      notices.note("there is no \(logFile) to resume: the search starts from the beginning")
    }

    let preparation = BackendPreparation(of: backend, for: trials[0])
    defer { preparation.end() }
    let splits = try read()
    let rounds = try splits.rounds.map {
      try TuningRound(
        $0, on: backend, metric: metric, feedback: trials[0].feedback, relevantFrom: relevantFrom, device: device,
        notices: notices)
    }
    try preparation.finish()
    let log = try search(rounds, earlier: earlier, splits: splits, on: backend)
    try showTable(log)
    guard let winner = log.winner else {
      throw CommandError.noTrialSucceeded(
        count: log.trials.count, reason: log.trials.compactMap(\.reason).first ?? "all were stopped")
    }
    try trainBest(winner, splits: splits, on: backend)
    return log
  }

  private func read() throws -> Splits {
    let input = try source.read()
    guard let folds else { return Splits(input: input, rounds: [input.data]) }
    let all = input.data.byUser
    let rounds = try (0..<folds).map { fold in
      let split = all.holdingOut(fold: fold, of: folds, seed: source.seed)
      return try TrainingData(ratings: split.training, heldOut: split.heldOut, users: input.users)
    }
    return Splits(input: input, rounds: rounds)
  }

  private func search(_ rounds: [TuningRound], earlier: TrialLog?, splits: Splits, on backend: any Backend) throws
    -> TrialLog
  {
    let search = description(of: splits)
    var log = TrialLog(search: search)
    var left: [(number: Int, parameters: ALSParameters)] = []
    if let earlier, earlier.search != search {
      throw CommandError.otherSearch(file: logFile, what: earlier.difference(from: search))
    }
    for (index, parameters) in trials.enumerated() {
      let wanted = ModelManifest.Parameters(parameters)
      if var known = earlier?.trials.first(where: { $0.parameters == wanted }) {
        known.trial = index + 1
        log.add(known)
      } else {
        left.append((index + 1, parameters))
      }
    }
    let done = log.trials.count
    if done > 0 { notices.note("\(logFile) has \(Quantity.counted(done, "trial")) of \(trials.count) already") }

    Interruption.shared.set(
      .whenAsked(
        notice: "stopping: the trials at work are given up, those that ended are kept; Ctrl-C again ends at once",
        atOnce: "interrupted at once"))
    let progress = TuningProgress(
      notices: notices, total: trials.count, done: done,
      iterations: left.reduce(0) { $0 + $1.parameters.iterations * rounds.count }, searched: searched, log: log)
    let runner = TrialRunner(
      left, earlier: log.trials, rounds: rounds, metric: metric, on: backend, stopsHopeless: stopsHopeless,
      parallel: parallel
    ) { event in
      switch event {
      case .iteration: progress.iterationEnded()
      case .trial(let trial):
        let due = progress.trialEnded(trial, sinceWrite: Self.secondsBetweenWrites)
        if let due { try due.write(to: logFile) }
      }
    }
    notices.note(
      "trying \(Quantity.counted(left.count, "combination")) on \(backend.name), \(runner.concurrency) at a time"
        + (folds.map { ", each on \($0) folds" } ?? ""))
    defer { progress.end() }
    try runner.run()
    progress.end()
    log = progress.log
    try log.write(to: logFile)
    try Interruption.shared.check(
      "interrupted after \(log.trials.count) of \(Quantity.counted(trials.count, "trial")), which are kept in \(logFile);"
        + " the same command with --resume goes on from there")
    return log
  }

  private func description(of splits: Splits) -> TrialLog.Search {
    let first = splits.rounds[0]
    var fingerprint = first.byUser.fingerprint
    if let heldOut = first.heldOut { fingerprint = fingerprint &* 31 &+ heldOut.fingerprint }
    return TrialLog.Search(
      metric: metric.name, higherIsBetter: metric.isHigherBetter, folds: folds, holdout: source.testing.holdout,
      test: source.testing.test, splitByTime: source.testing.splitByTime?.description, relevantFrom: relevantFrom,
      seed: source.seed, users: first.byUser.rowCount, items: first.byItem.rowCount, ratings: first.byUser.entryCount,
      heldOut: first.heldOut?.entryCount ?? 0, fingerprint: String(fingerprint, radix: 16))
  }

  /// Trains the winner on all ratings, those that were held out included, unless they are a file of their own.
  private func trainBest(_ winner: Trial, splits: Splits, on backend: any Backend) throws {
    let parameters = try winner.parameters.validated().ending(after: winner.iterations)
    var source = source
    var input = splits.input
    if source.testing.splitByTime != nil {
      source.testing = TestingOptions()
      source.testing.test = nil
      source.testing.holdout = nil
      source.testing.splitByTime = nil
      input = try source.read()
    } else if source.testing.holdout != nil, let heldOut = input.data.heldOut {
      input.data = try TrainingData(ratings: input.data.byUser.merging(heldOut), users: input.users)
      input.fingerprint = input.data.byUser.fingerprint
    }
    notices.note(
      "best: trial \(winner.trial), \(TrialTable.summary(of: winner, searched: searched)); training it on all"
        + " \(Quantity.counted(input.data.byUser.entryCount, "rating"))")
    var run = TrainingRun(
      source: source, parameters: parameters, directory: directory, model: model, checkpointEvery: nil, resumes: false,
      from: nil, keepsRatings: keepsRatings)
    run.interruptionMessage =
      "interrupted: all trials are in \(logFile), the model is not trained; the same command with --resume trains it"
    _ = try run.train(input, on: backend)
  }
}
