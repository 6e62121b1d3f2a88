import ALS
import ALSOpenCL
import Dispatch
import OpenCL
import RatingsIO
import Synchronization

/// Trains and measures trials, several at once where the device has room.
final class TrialRunner: Sendable {
  private let backend: any Backend
  private let rounds: [TuningRound]
  private let metric: EvaluationMetric
  /// Trials at work at a time.
  let concurrency: Int
  /// Whether the ratings of all rounds stay in place; else those of one at a time.
  private let keepsRounds: Bool
  private let stopsHopeless: Bool
  private let state: Mutex<State>
  private let report: @Sendable (Event) throws -> Void

  /// What is told while trials run; from any thread, but never from two at once.
  enum Event: Sendable {
    /// An iteration of any trial ended.
    case iteration
    /// A trial ended.
    case trial(Trial)
  }

  private struct State {
    var waiting: ArraySlice<(number: Int, parameters: ALSParameters)>
    var stopping: MedianStopping
    var failure: (any Error)?
  }

  /// Why a trial was not trained to its end.
  private enum Ending: Error {
    case hopeless(Trial.Round)
    case interrupted
  }

  /// - Parameters:
  ///   - trials: numbers and parameters, in the order in which they are begun.
  ///   - earlier: trials of an earlier run, which count for what is hopeless.
  ///   - parallel: trials at work at a time; by default as many as there is reason and room for.
  init(
    _ trials: [(number: Int, parameters: ALSParameters)], earlier: [Trial], rounds: [TuningRound],
    metric: EvaluationMetric, on backend: any Backend, stopsHopeless: Bool, parallel: Int?,
    report: @escaping @Sendable (Event) throws -> Void
  ) {
    self.backend = backend
    self.rounds = rounds
    self.metric = metric
    self.stopsHopeless = stopsHopeless
    self.report = report
    // What a plan refuses fails as a trial of its own.
    let demands = rounds.map { round in
      trials.compactMap { trial in (try? round.placed.memoryDemand(trial.parameters)) ?? nil }
    }
    let largest = demands.map { $0.map(\.bytes).max() ?? 0 }
    let all = largest.reduce(0, +)
    // Without a device nothing is asked of one.
    let available = demands.joined().map(\.availableBytes).min() ?? all
    keepsRounds = all <= available
    let wished = max(1, min(parallel ?? Self.usefulConcurrency(on: backend), trials.count))
    let room = keepsRounds && all > 0 ? 1 + (available - all) / max(1, largest.max() ?? 1) : keepsRounds ? wished : 1
    concurrency = min(wished, room)
    var stopping = MedianStopping(isHigherBetter: metric.isHigherBetter)
    for trial in earlier where trial.outcome == .done {
      for (index, round) in trial.rounds.enumerated() { stopping.add(Self.curve(of: round), round: index) }
    }
    state = Mutex(State(waiting: trials[...], stopping: stopping))
  }

  /// A GPU idles between the launches of a small problem. CPUs do not, and one trial after another can be repeated exactly.
  private static func usefulConcurrency(on backend: any Backend) -> Int {
    guard let device = (backend as? OpenCLBackend)?.device else { return 1 }
    return device.kind == .cpu ? 1 : 4
  }

  /// Runs all trials, or until a signal comes.
  ///
  /// - Throws: what no other trial would be spared: faults of the device and of the program.
  func run() throws {
    let group = DispatchGroup()
    let queue = DispatchQueue(label: "gpuals.trials", qos: .userInitiated, attributes: .concurrent)
    for _ in 0..<concurrency { queue.async(group: group) { self.work() } }
    group.wait()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private func work() {
    while Interruption.shared.requested == nil,
      let next = state.withLock({ $0.failure == nil ? $0.waiting.popFirst() : nil })
    {
      do {
        guard let trial = try trial(next.number, next.parameters) else { return }
        try tell(.trial(trial))
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
  }

  private func tell(_ event: Event) throws { try state.withLock { _ in try report(event) } }

  /// Trains and measures one; `nil` after a signal.
  private func trial(_ number: Int, _ parameters: ALSParameters) throws -> Trial? {
    let clock = ContinuousClock()
    let start = clock.now
    var trial = Trial(
      trial: number, parameters: ModelManifest.Parameters(parameters), outcome: .done, rounds: [], seconds: 0)
    do {
      for (index, round) in rounds.enumerated() {
        trial.rounds.append(try run(parameters, on: round, index: index))
        if !keepsRounds { round.placed.evict() }
      }
      state.withLock { state in
        for (index, round) in trial.rounds.enumerated() { state.stopping.add(Self.curve(of: round), round: index) }
      }
    } catch Ending.hopeless(let round) {
      trial.rounds.append(round)
      trial.outcome = .stopped
    } catch Ending.interrupted {
      return nil
    } catch CommandError.interrupted {
      return nil
    } catch let error where Self.isOfTrial(error) {
      trial.outcome = .failed
      trial.reason = "\(error)"
    }
    trial.conclude()
    if !trial.rounds.joined.allSatisfy(\.isFinite) {
      trial.outcome = .failed
      trial.score = nil
      trial.deviation = nil
      trial.rounds = []
      trial.reason = "its score is not a finite number"
    }
    trial.seconds = (clock.now - start).inSeconds
    return trial
  }

  /// Whether other parameters may do better.
  private static func isOfTrial(_ error: any Error) -> Bool {
    switch error {
    case is ALSError, is DeviceMemoryError: true
    case OpenCLError.outOfDeviceMemory, OpenCLError.bufferTooLarge, OpenCLError.workGroupTooLarge: true
    default: false
    }
  }

  /// Trains on one split. Errors of ratings come for nothing after every iteration; other metrics are measured half-way, if that can
  /// spare the other half, and at the end.
  private func run(_ parameters: ALSParameters, on round: TuningRound, index: Int) throws -> Trial.Round {
    let trainer = Trainer(backend: backend, parameters: parameters, measuresTraining: false)
    let halfWay = (parameters.iterations + 1) / 2
    var result = Trial.Round(iterations: [], scores: [], bestIteration: 0)
    var isHopeless = false
    let outcome = try trainer.train(round.placed) { event, state in
      guard case .iteration(let record) = event else { return Self.instruction }
      try tell(.iteration)
      var value: Double?
      if metric == .rmse {
        value = record.testRMSE
      } else if stopsHopeless, record.iteration == halfWay, halfWay < parameters.iterations {
        value = try round.value(of: metric, factors: try state().factors, feedback: parameters.feedback)
      }
      guard let value else { return Self.instruction }
      result.iterations.append(record.iteration)
      result.scores.append(value)
      result.bestIteration = record.iteration
      if stopsHopeless, record.iteration < parameters.iterations {
        let curve = Self.curve(of: result)
        isHopeless = self.state.withLock { $0.stopping.isHopeless(curve, round: index) }
      }
      return isHopeless ? .stop : Self.instruction
    }
    if isHopeless { throw Ending.hopeless(result) }
    guard outcome.isComplete else { throw Ending.interrupted }
    let kept = outcome.state.iteration
    result.bestIteration = kept
    if metric == .rmse {
      // Early stopping went on behind its best iteration, to see that it is the best.
      result.iterations.removeAll { $0 > kept }
      result.scores.removeLast(result.scores.count - result.iterations.count)
    } else {
      result.iterations.append(kept)
      result.scores.append(
        try round.value(of: metric, factors: outcome.state.factors, feedback: parameters.feedback))
    }
    return result
  }

  private static var instruction: Trainer.Instruction {
    Interruption.shared.requested == nil ? .proceed : .stop
  }

  private static func curve(of round: Trial.Round) -> [(step: Int, value: Double)] {
    zip(round.iterations, round.scores).map { ($0, $1) }
  }
}

extension [Trial.Round] {
  /// The scores of all rounds.
  fileprivate var joined: [Double] { flatMap(\.scores) }
}
