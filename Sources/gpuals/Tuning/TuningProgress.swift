import ALS
import Synchronization

/// Keeps the trials of a search, and shows how it goes: a bar on a terminal, and a line for each trial.
final class TuningProgress: Sendable {
  private struct State {
    var log: TrialLog
    var iterations = 0
    var started = ContinuousClock.now
    var lastWrite = ContinuousClock.now
    var hasEnded = false
  }

  private let notices: Notices
  private let total: Int
  private let iterations: Int
  private let earlier: Int
  private let searched: [SearchedParameter]
  private let state: Mutex<State>

  /// - Parameters:
  ///   - total: number of trials.
  ///   - done: number of those that an earlier run did.
  ///   - searched: the parameters that differ between trials.
  ///   - iterations: of all trials that are left, if none is stopped.
  init(notices: Notices, total: Int, done: Int, iterations: Int, searched: [SearchedParameter], log: TrialLog) {
    self.notices = notices
    self.total = total
    self.iterations = max(1, iterations)
    earlier = done
    self.searched = searched
    state = Mutex(State(log: log))
  }

  /// All trials so far.
  var log: TrialLog { state.withLock { $0.log } }

  /// An iteration of any trial ended.
  func iterationEnded() {
    state.withLock { state in
      state.iterations += 1
      draw(state)
    }
  }

  /// A trial ended; returns what is to be written to the file, if it is time.
  func trialEnded(_ trial: Trial, sinceWrite seconds: Double) -> TrialLog? {
    state.withLock { state in
      state.log.add(trial)
      notices.note(line(for: trial, in: state.log))
      draw(state)
      guard (ContinuousClock.now - state.lastWrite).inSeconds >= seconds else { return nil }
      state.lastWrite = .now
      return state.log
    }
  }

  /// Stops drawing and wipes the bar.
  func end() {
    state.withLock { $0.hasEnded = true }
    StatusLine.shared.clear()
  }

  private func line(for trial: Trial, in log: TrialLog) -> String {
    let name = "trial \(trial.trial)/\(total): \(TrialTable.summary(of: trial, searched: searched))"
    switch trial.outcome {
    case .failed: return "\(name): failed: \(trial.reason ?? "")"
    case .done, .stopped:
      let score = trial.score.map { Quantity.fixed($0, 4) } ?? "–"
      let isStopped = trial.outcome == .stopped
      return "\(name): \(log.search.metric) \(score) in \(Quantity.duration(trial.seconds))"
        + (isStopped ? ", stopped after iteration \(trial.rounds.last?.iterations.last ?? 0)" : "")
        + (log.best == trial.trial ? ", the best so far" : "")
    }
  }

  private func draw(_ state: State) {
    guard !state.hasEnded else { return }
    notices.progress(status(of: state))
  }

  private func status(of state: State) -> ProgressStatus {
    let ended = state.log.trials.count
    // Trials that are stopped or fail leave iterations out, so what is done is told by both.
    let share = max(
      Double(state.iterations) / Double(iterations), Double(ended - earlier) / Double(max(1, total - earlier)))
    let seconds = (ContinuousClock.now - state.started).inSeconds
    var details: [String] = []
    if share > 0 { details.append(Quantity.timeLeft(seconds * (1 - share) / share)) }
    if let best = state.log.winner, let score = best.score {
      details.append("best \(state.log.search.metric) \(Quantity.fixed(score, 4))")
      details.append(TrialTable.summary(of: best, searched: searched))
    }
    return ProgressStatus(label: "trial \(min(total, ended + 1))/\(total)", fraction: min(1, share), details: details)
  }
}
