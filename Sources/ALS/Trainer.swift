/// The one training loop. It alternates sides on a ``TrainingSession``, by default items first (Spark's order), so that only
/// the initial factors of the other side matter, and measures after each iteration.
public struct Trainer: Sendable {
  /// Where the half-steps are computed.
  public let backend: any Backend
  /// What is computed.
  public let parameters: ALSParameters
  /// Whether the error on the training ratings, or the objective, is measured after each iteration.
  public let measuresTraining: Bool

  /// What the loop tells while it runs.
  public enum Event: Sendable {
    /// Ratings and factors are in place, and kernels are compiled; the loop starts.
    case ready
    /// A half-step ended.
    case halfStep(iteration: Int, side: Side)
    /// An iteration ended and was measured.
    case iteration(IterationRecord)
  }

  /// What an observer answers to an event.
  public enum Instruction: Sendable {
    /// Go on.
    case proceed
    /// Stop after the iteration that ended last, and return its state.
    case stop
  }

  /// What a run leaves.
  public struct Outcome: Sendable {
    /// Factors and history.
    public var state: TrainingState
    /// Buffers on the device at the peak, in bytes.
    public var peakDeviceBytes: Int
    /// False if an observer stopped it before its end.
    public var isComplete: Bool
  }

  /// Chooses backend and parameters.
  ///
  /// - Parameters:
  ///   - backend: where the half-steps are computed.
  ///   - parameters: what is computed.
  ///   - measuresTraining: without, records hold the held-out error alone, and an iteration goes through the ratings once less.
  public init(backend: any Backend, parameters: ALSParameters, measuresTraining: Bool = true) {
    self.backend = backend
    self.measuresTraining = measuresTraining
    self.parameters = parameters
  }

  /// Trains until `parameters.iterations` iterations are done, or early stopping ends it.
  ///
  /// - Parameters:
  ///   - data: the ratings, and those held out.
  ///   - start: a state to go on from; the result equals that of a run that never stopped. Records after its
  ///     ``TrainingState/iteration`` are made anew.
  ///   - observe: called on each event. The second argument copies the present state from the device; it is meant for
  ///     checkpoints after `.iteration`.
  /// - Throws: ``ALSError/stateMismatch(_:)`` if `start` does not fit, ``ALSError/nothingHeldOut`` for early stopping without
  ///   held-out ratings, and what the backend throws.
  public func train(
    _ data: TrainingData,
    from start: TrainingState? = nil,
    observe: (Event, () throws -> TrainingState) throws -> Instruction = { _, _ in .proceed }
  ) throws -> Outcome {
    try train(backend.place(data), from: start, observe: observe)
  }

  /// The same on ratings that are in place already.
  public func train(
    _ placed: any PlacedRatings,
    from start: TrainingState? = nil,
    observe: (Event, () throws -> TrainingState) throws -> Instruction = { _, _ in .proceed }
  ) throws -> Outcome {
    let data = placed.data
    let initial = try initialFactors(for: data, start: start)
    for side in parameters.sides {
      if let row = data.firstUnderdeterminedRow(of: side, parameters: parameters) {
        throw ALSError.singularSystem(side: side, row: row, id: nil)
      }
    }
    let heldOut = data.heldOut?.entryCount ?? 0
    if parameters.earlyStopping != nil, heldOut == 0 { throw ALSError.nothingHeldOut }
    var history = Array((start?.history ?? []).prefix(start?.iteration ?? 0))
    if history.count >= parameters.iterations {
      return Outcome(
        state: TrainingState(history: history, factors: initial), peakDeviceBytes: 0, isComplete: true)
    }
    let session = try placed.makeSession(parameters: parameters, initial: initial)
    var best = Best(patience: parameters.earlyStopping, start: start, initial: initial)
    func present() throws -> Factors {
      var biases = initial.biases
      if let user = try session.biases(of: .user), let item = try session.biases(of: .item) {
        biases?.user = user
        biases?.item = item
      }
      return Factors(user: try session.factors(of: .user), item: try session.factors(of: .item), biases: biases)
    }
    func state() throws -> TrainingState {
      if let kept = best.kept {
        TrainingState(history: history, factors: kept.factors, iteration: kept.iteration)
      } else {
        TrainingState(history: history, factors: try present())
      }
    }
    func outcome(isComplete: Bool) throws -> Outcome {
      Outcome(state: try state(), peakDeviceBytes: session.peakDeviceBytes, isComplete: isComplete)
    }

    let clock = ContinuousClock()
    var instruction = try observe(.ready, state)
    if case .stop = instruction { return try outcome(isComplete: false) }
    while history.count < parameters.iterations {
      let iteration = history.count + 1
      var elapsed = Duration.zero
      for side in parameters.sides {
        elapsed += try clock.measure { try session.update(side) }
        // An iteration is whole or not done: a stop between its half-steps takes effect after the second.
        let answer = try observe(.halfStep(iteration: iteration, side: side), state)
        if case .stop = answer { instruction = .stop }
      }
      let record = try measure(session, iteration: iteration, elapsed: elapsed, data: data)
      history.append(record)
      try best.offer(record, present)
      let answer = try observe(.iteration(history[history.count - 1]), state)
      if case .stop = answer { instruction = .stop }
      if best.isPatienceSpent(after: iteration) { break }
      if case .stop = instruction, history.count < parameters.iterations {
        return try outcome(isComplete: false)
      }
    }
    return try outcome(isComplete: true)
  }

  /// The iteration with the lowest held-out error, under early stopping.
  private struct Best {
    let patience: Int?
    private(set) var kept: (iteration: Int, error: Double, factors: Factors)?

    init(patience: Int?, start: TrainingState?, initial: Factors) {
      self.patience = patience
      // Of an earlier run's iterations only the last one's factors are known.
      if patience != nil, let start, start.iteration > 0, start.iteration <= start.history.count,
        let error = start.history[start.iteration - 1].testRMSE
      {
        kept = (start.iteration, error, initial)
      }
    }

    mutating func offer(_ record: IterationRecord, _ factors: () throws -> Factors) rethrows {
      guard patience != nil, let error = record.testRMSE else { return }
      if let kept, !(error < kept.error || kept.error.isNaN) { return }
      kept = (record.iteration, error, try factors())
    }

    func isPatienceSpent(after iteration: Int) -> Bool {
      guard let patience, let kept else { return false }
      return iteration - kept.iteration >= patience
    }
  }

  private func initialFactors(for data: TrainingData, start: TrainingState?) throws(ALSError) -> Factors {
    guard let start else {
      return try .initial(for: data, parameters: parameters)
    }
    for side in Side.allCases {
      let matrix = start.factors[side]
      guard matrix.rank == parameters.rank, matrix.rowCount == data[side].rowCount else {
        throw .stateMismatch(
          "the saved \(side.rawValue) factors are \(matrix.rowCount) × \(matrix.rank), not "
            + "\(data[side].rowCount) × \(parameters.rank)")
      }
    }
    guard (start.factors.biases != nil) == parameters.biases else {
      throw .stateMismatch("the saved factors have \(start.factors.biases == nil ? "no " : "")biases")
    }
    return start.factors
  }

  private func measure(_ session: any TrainingSession, iteration: Int, elapsed: Duration, data: TrainingData) throws
    -> IterationRecord
  {
    let loss = measuresTraining ? try session.loss() : nil
    var testRMSE: Double?
    if let heldOut = data.heldOut, heldOut.entryCount > 0 {
      testRMSE = (try session.heldOutSquaredError() / Double(heldOut.entryCount)).squareRoot()
    }
    let isImplicit = parameters.feedback.isImplicit
    return IterationRecord(
      iteration: iteration,
      seconds: elapsed.inSeconds,
      trainRMSE: isImplicit ? nil : loss.map { ($0.error / Double(data.byUser.entryCount)).squareRoot() },
      loss: isImplicit ? loss?.objective : nil,
      testRMSE: testRMSE)
  }
}
