import ALS
import Dispatch
import Synchronization

/// Shows how training goes: a bar on a terminal, a line for each iteration elsewhere, nothing when quiet.
///
/// Half-steps may take long, so on a terminal the bar moves on by the clock between them.
final class TrainingProgress: Sendable {
  private struct State {
    var halfSteps = 0
    var lastEvent: ContinuousClock.Instant
    var halfStepSeconds: [Double] = []
    var isReady = false
    var errors: String?
    var hasEnded = false
  }

  private let notices: Notices
  private let total: Int
  private let earlier: Int
  private let ratings: Int
  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "gpuals.progress", qos: .userInteractive)

  /// - Parameters:
  ///   - total: number of iterations that will be done at the end.
  ///   - done: number of those that an earlier run did.
  ///   - ratings: number of training ratings; each half-step goes through all of them.
  init(notices: Notices, total: Int, done: Int, ratings: Int) {
    self.notices = notices
    self.total = total
    earlier = done
    self.ratings = ratings
    state = Mutex(State(lastEvent: .now))
    if Terminal.canRedrawErrors, !notices.isQuiet { tick() }
  }

  /// Draws now and then until the end.
  private func tick() {
    queue.asyncAfter(deadline: .now() + 0.2) { [weak self] in
      guard let self, !self.state.withLock({ $0.hasEnded }) else { return }
      self.draw()
      self.tick()
    }
  }

  /// Takes note of an event of the trainer.
  func show(_ event: Trainer.Event) {
    switch event {
    case .ready:
      state.withLock { state in
        state.isReady = true
        state.lastEvent = .now
      }
      draw()
    case .halfStep:
      state.withLock { state in
        let now = ContinuousClock.now
        // The two sides differ, so the last two half-steps tell how long the next two take.
        state.halfStepSeconds.append((now - state.lastEvent).inSeconds)
        if state.halfStepSeconds.count > 2 { state.halfStepSeconds.removeFirst() }
        state.lastEvent = now
        state.halfSteps += 1
      }
      draw()
    case .iteration(let record):
      state.withLock { state in
        state.errors = IterationText.errors(of: record, isShort: true)
        state.lastEvent = .now
      }
      if Terminal.canRedrawErrors { draw() } else { notices.note(line(for: record)) }
    }
  }

  /// Stops drawing and wipes the bar.
  func end() {
    // Drawing holds the lock, so that nothing is drawn after the wipe.
    state.withLock { $0.hasEnded = true }
    StatusLine.shared.clear()
  }

  private func line(for record: IterationRecord) -> String {
    var parts = [
      "iteration \(record.iteration)/\(total): \(Quantity.duration(record.seconds))",
      "\(Quantity.abbreviated(Double(2 * ratings) / max(record.seconds, 1e-9))) ratings/s",
    ]
    if let errors = IterationText.errors(of: record) { parts.append(errors) }
    return parts.joined(separator: ", ")
  }

  private func draw() {
    state.withLock { state in
      guard state.isReady, !state.hasEnded else { return }
      notices.progress(status(of: state))
    }
  }

  private func status(of state: State) -> ProgressStatus {
    let mean =
      state.halfStepSeconds.isEmpty
      ? nil : state.halfStepSeconds.reduce(0, +) / Double(state.halfStepSeconds.count)
    let since = (ContinuousClock.now - state.lastEvent).inSeconds
    // What the clock adds never reaches the end of the half-step: only its event does.
    let partial = mean.map { min(0.95, since / max($0, 1e-9)) } ?? 0
    let all = 2 * Double(total)
    let done = Double(2 * earlier + state.halfSteps)
    let iteration = min(total, earlier + state.halfSteps / 2 + 1)
    var details: [String] = []
    if let mean {
      details.append(Quantity.timeLeft(max(0, all - done - partial) * mean))
    } else {
      details.append("\(Quantity.duration(since)) in the first half-step")
    }
    if let errors = state.errors { details.append(errors) }
    if let mean { details.append("\(Quantity.abbreviated(Double(ratings) / max(mean, 1e-9))) ratings/s") }
    return ProgressStatus(
      label: "iteration \(iteration)/\(total)", fraction: (done + partial) / all, details: details)
  }
}
