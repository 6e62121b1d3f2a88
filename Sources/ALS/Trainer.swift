/// The one training loop. It alternates sides on a ``TrainingSession``, items first (Spark's order, so that only the
/// initial user factors matter), and measures after each iteration.
public struct Trainer: Sendable {
  /// Where the half-steps are computed.
  public let backend: any Backend
  /// What is computed.
  public let parameters: ALSParameters

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
    /// False if an observer stopped it before all iterations were done.
    public var isComplete: Bool
  }

  /// Chooses backend and parameters.
  public init(backend: any Backend, parameters: ALSParameters) {
    self.backend = backend
    self.parameters = parameters
  }

  /// Trains until `parameters.iterations` iterations are done.
  ///
  /// - Parameters:
  ///   - start: a state to go on from; the result equals that of a run that never stopped.
  ///   - observe: called on each event. The second argument copies the present state from the device; it is meant for
  ///     checkpoints after `.iteration`.
  /// - Throws: ``ALSError/stateMismatch(_:)`` if `start` does not fit, and what the backend throws.
  public func train(
    _ data: TrainingData,
    from start: TrainingState? = nil,
    observe: (Event, () throws -> TrainingState) throws -> Instruction = { _, _ in .proceed }
  ) throws -> Outcome {
    let initial = try initialFactors(for: data, start: start)
    for side in [Side.item, .user] {
      if let row = data.firstUnderdeterminedRow(of: side, parameters: parameters) {
        throw ALSError.singularSystem(side: side, row: row, id: nil)
      }
    }
    var history = start?.history ?? []
    if history.count >= parameters.iterations {
      return Outcome(
        state: TrainingState(history: history, factors: initial), peakDeviceBytes: 0, isComplete: true)
    }
    let session = try backend.makeSession(data: data, parameters: parameters, initial: initial)
    func state() throws -> TrainingState {
      TrainingState(
        history: history,
        factors: Factors(user: try session.factors(of: .user), item: try session.factors(of: .item)))
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
      for side in [Side.item, .user] {
        elapsed += try clock.measure { try session.update(side) }
        // An iteration is whole or not done: a stop between its half-steps takes effect after the second.
        let answer = try observe(.halfStep(iteration: iteration, side: side), state)
        if case .stop = answer { instruction = .stop }
      }
      history.append(try measure(session, iteration: iteration, elapsed: elapsed, data: data))
      let answer = try observe(.iteration(history[history.count - 1]), state)
      if case .stop = answer { instruction = .stop }
      if case .stop = instruction, history.count < parameters.iterations {
        return try outcome(isComplete: false)
      }
    }
    return try outcome(isComplete: true)
  }

  private func initialFactors(for data: TrainingData, start: TrainingState?) throws(ALSError) -> Factors {
    guard let start else {
      return Factors(
        user: .initial(for: data.byUser, parameters: parameters),
        item: FactorMatrix(zeros: data.byItem.rowCount, rank: parameters.rank))
    }
    for side in Side.allCases {
      let matrix = start.factors[side]
      guard matrix.rank == parameters.rank, matrix.rowCount == data[side].rowCount else {
        throw .stateMismatch(
          "the saved \(side.rawValue) factors are \(matrix.rowCount) × \(matrix.rank), not "
            + "\(data[side].rowCount) × \(parameters.rank)")
      }
    }
    return start.factors
  }

  private func measure(_ session: any TrainingSession, iteration: Int, elapsed: Duration, data: TrainingData) throws
    -> IterationRecord
  {
    let loss = try session.loss()
    var testRMSE: Double?
    if let heldOut = data.heldOut, heldOut.entryCount > 0 {
      testRMSE = (try session.heldOutSquaredError() / Double(heldOut.entryCount)).squareRoot()
    }
    let isImplicit = parameters.feedback.isImplicit
    return IterationRecord(
      iteration: iteration,
      seconds: elapsed.inSeconds,
      trainRMSE: isImplicit ? nil : (loss.error / Double(data.byUser.entryCount)).squareRoot(),
      loss: isImplicit ? loss.objective : nil,
      testRMSE: testRMSE)
  }
}
