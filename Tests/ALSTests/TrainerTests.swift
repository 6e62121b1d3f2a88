import ALS
import ALSTestSupport
import Testing

struct TrainerTests {
  /// Four ratings of three users and two items.
  private static let ratings = CSRMatrix(rows: 3, columns: 2, [(0, 0, 1), (0, 1, 2), (1, 1, 3), (2, 0, 4)])

  private func data(heldOut: CSRMatrix? = nil) throws -> TrainingData {
    try TrainingData(ratings: Self.ratings, heldOut: heldOut)
  }

  private func parameters(_ iterations: Int, feedback: Feedback = .explicit) throws -> ALSParameters {
    try ALSParameters(rank: 2, iterations: iterations, feedback: feedback)
  }

  private func state(iterations: Int, users: Int = 3, items: Int = 2, rank: Int = 2) -> TrainingState {
    TrainingState(
      history: (0..<iterations).map {
        IterationRecord(iteration: $0 + 1, seconds: 0, trainRMSE: 9, loss: nil, testRMSE: nil)
      },
      factors: Factors(user: .random(rows: users, rank: rank, seed: 1), item: .random(rows: items, rank: rank, seed: 2))
    )
  }

  private func text(_ event: Trainer.Event) -> String {
    switch event {
    case .ready: "ready"
    case .halfStep(let iteration, let side): "\(iteration) \(side.rawValue)"
    case .iteration(let record): "iteration \(record.iteration)"
    }
  }

  @Test func `every iteration solves the items, then the users, and measures`() throws {
    let backend = RecordingBackend()
    let outcome = try Trainer(backend: backend, parameters: parameters(2)).train(data())
    #expect(
      backend.log == ["session", "update item", "update user", "loss", "update item", "update user", "loss"])
    #expect(outcome.isComplete)
    #expect(outcome.peakDeviceBytes == 12_345)
    #expect(outcome.state.factors.item.values == [3, 3, 3, 3])
    #expect(outcome.state.factors.user.values == [4, 4, 4, 4, 4, 4])
    #expect(outcome.state.history.map(\.iteration) == [1, 2])
  }

  @Test func `users are solved first where asked for, from initial factors of the items`() throws {
    let backend = RecordingBackend()
    let parameters = try ALSParameters(rank: 2, iterations: 1, firstSide: .user)
    let outcome = try Trainer(backend: backend, parameters: parameters).train(data()) { event, state in
      if case .ready = event {
        let initial = try state().factors
        #expect(initial.user.values.allSatisfy { $0 == 0 })
        #expect(initial.item == .initial(for: Self.ratings.transposed(), parameters: parameters))
      }
      return .proceed
    }
    #expect(backend.log == ["session", "update user", "update item", "loss"])
    #expect(outcome.isComplete)
  }

  @Test func `early stopping ends the run and keeps the best iteration`() throws {
    let backend = RecordingBackend(heldOutErrors: [9, 4, 5, 4, 1])
    let parameters = try ALSParameters(rank: 2, iterations: 9, earlyStopping: 2)
    let heldOut = CSRMatrix(rows: 3, columns: 2, [(1, 0, 1)])
    let outcome = try Trainer(backend: backend, parameters: parameters).train(data(heldOut: heldOut))
    #expect(outcome.isComplete)
    #expect(outcome.state.history.map(\.testRMSE) == [3, 2, 5.0.squareRoot(), 2], "an equal error is no better one")
    #expect(outcome.state.iteration == 2)
    #expect(outcome.state.factors.item.values == [3, 3, 3, 3])
    #expect(outcome.state.factors.user.values == [4, 4, 4, 4, 4, 4])
  }

  @Test func `with patience left the best of all iterations is kept`() throws {
    let backend = RecordingBackend(heldOutErrors: [.nan, 4, 5, 3, 6])
    let parameters = try ALSParameters(rank: 2, iterations: 5, earlyStopping: 3)
    let heldOut = CSRMatrix(rows: 3, columns: 2, [(1, 0, 1)])
    let outcome = try Trainer(backend: backend, parameters: parameters).train(data(heldOut: heldOut))
    #expect(outcome.state.history.count == 5)
    #expect(outcome.state.iteration == 4)
    #expect(outcome.state.factors.user.values[0] == 8)
  }

  @Test func `a run resumed under early stopping goes on from the kept iteration`() throws {
    var start = state(iterations: 3)
    start.iteration = 2
    start.history[1].testRMSE = 1
    let backend = RecordingBackend(heldOutErrors: [4, 9, 9])
    let parameters = try ALSParameters(rank: 2, iterations: 9, earlyStopping: 2)
    let heldOut = CSRMatrix(rows: 3, columns: 2, [(1, 0, 1)])
    let outcome = try Trainer(backend: backend, parameters: parameters).train(data(heldOut: heldOut), from: start)
    #expect(outcome.state.history.map(\.iteration) == [1, 2, 3, 4])
    #expect(outcome.state.history.map(\.testRMSE) == [nil, 1, 2, 3])
    #expect(outcome.state.iteration == 2)
    #expect(outcome.state.factors == start.factors)
  }

  @Test func `early stopping without anything held out is refused before there is a session`() throws {
    let backend = RecordingBackend()
    let trainer = Trainer(backend: backend, parameters: try ALSParameters(rank: 2, earlyStopping: 2))
    let data = try data()
    #expect(throws: ALSError.nothingHeldOut) { try trainer.train(data) }
    // Held out, but of no user that is trained on.
    let unknown = try TrainingData(
      ratings: CSRMatrix(rows: 3, columns: 2, [(0, 0, 1)]), heldOut: CSRMatrix(rows: 3, columns: 2, [(1, 0, 1)]))
    #expect(throws: ALSError.nothingHeldOut) { try trainer.train(unknown) }
    #expect(backend.log.isEmpty)
  }

  @Test func `explicit training records the root mean squared error of the ratings`() throws {
    let record = try Trainer(backend: RecordingBackend(), parameters: parameters(1)).train(data()).state.history[0]
    #expect(record.trainRMSE == 3)  // √(36 / 4)
    #expect(record.loss == nil)
    #expect(record.testRMSE == nil)
    #expect(record.seconds >= 0)
  }

  @Test func `implicit training records the whole objective`() throws {
    let record = try Trainer(backend: RecordingBackend(), parameters: parameters(1, feedback: .implicit(alpha: 1)))
      .train(data()).state.history[0]
    #expect(record.loss == 38)
    #expect(record.trainRMSE == nil)
  }

  @Test func `held-out ratings are measured after every iteration`() throws {
    let backend = RecordingBackend()
    let heldOut = CSRMatrix(rows: 3, columns: 2, [(1, 0, 1), (2, 1, 1)])
    let history = try Trainer(backend: backend, parameters: parameters(2)).train(data(heldOut: heldOut)).state.history
    #expect(history.map(\.testRMSE) == [3, 3])  // √(18 / 2)
    #expect(backend.log.count { $0 == "held out" } == 2)
  }

  @Test func `an empty held-out matrix is not measured`() throws {
    let backend = RecordingBackend()
    let history = try Trainer(backend: backend, parameters: parameters(1))
      .train(data(heldOut: CSRMatrix(rows: 3, columns: 2, []))).state.history
    #expect(history[0].testRMSE == nil)
    #expect(!backend.log.contains("held out"))
  }

  @Test func `the session starts from the initial factors of the users and zeros`() throws {
    let parameters = try parameters(1)
    let outcome = try Trainer(backend: RecordingBackend(), parameters: parameters).train(data()) { _, _ in .stop }
    #expect(!outcome.isComplete)
    #expect(outcome.state.history.isEmpty)
    #expect(outcome.state.factors.user == .initial(for: Self.ratings, parameters: parameters))
    #expect(outcome.state.factors.item == FactorMatrix(zeros: 2, rank: 2))
  }

  @Test func `events come in the order of the work`() throws {
    var events: [String] = []
    _ = try Trainer(backend: RecordingBackend(), parameters: parameters(2)).train(data()) { event, _ in
      events.append(text(event))
      return .proceed
    }
    #expect(events == ["ready", "1 item", "1 user", "iteration 1", "2 item", "2 user", "iteration 2"])
  }

  @Test func `an observer can copy the state after each iteration`() throws {
    var states: [TrainingState] = []
    let outcome = try Trainer(backend: RecordingBackend(), parameters: parameters(3)).train(data()) { event, state in
      if case .iteration = event { states.append(try state()) }
      return .proceed
    }
    #expect(states.map(\.history.count) == [1, 2, 3])
    #expect(states.map { $0.factors.user.values[0] } == [2, 4, 6])
    #expect(states.last == outcome.state)
  }

  @Test(arguments: ["1 item", "1 user", "iteration 1"])
  func `a stop takes effect when the iteration is whole`(asked: String) throws {
    let backend = RecordingBackend()
    let outcome = try Trainer(backend: backend, parameters: parameters(3)).train(data()) { event, _ in
      text(event) == asked ? .stop : .proceed
    }
    #expect(!outcome.isComplete)
    #expect(outcome.state.history.map(\.iteration) == [1])
    #expect(backend.log == ["session", "update item", "update user", "loss"])
  }

  @Test func `a stop in the last iteration leaves a complete run`() throws {
    let outcome = try Trainer(backend: RecordingBackend(), parameters: parameters(2)).train(data()) { event, _ in
      text(event) == "2 item" ? .stop : .proceed
    }
    #expect(outcome.isComplete)
    #expect(outcome.state.history.count == 2)
  }

  @Test func `a resumed run does what is left`() throws {
    let backend = RecordingBackend()
    let start = state(iterations: 2)
    var events: [String] = []
    let outcome = try Trainer(backend: backend, parameters: parameters(3)).train(data(), from: start) { event, _ in
      events.append(text(event))
      return .proceed
    }
    #expect(backend.log == ["session", "update item", "update user", "loss"])
    #expect(events == ["ready", "3 item", "3 user", "iteration 3"])
    #expect(outcome.state.history.map(\.iteration) == [1, 2, 3])
    #expect(outcome.state.history.prefix(2) == start.history[...])
  }

  @Test func `a resumed run starts from the saved factors`() throws {
    let start = state(iterations: 1)
    let outcome = try Trainer(backend: RecordingBackend(), parameters: parameters(3)).train(data(), from: start) {
      _, _ in .stop
    }
    #expect(outcome.state == start)
  }

  @Test(arguments: [2, 5])
  func `a state that is complete comes back without a session`(done: Int) throws {
    let backend = RecordingBackend()
    let start = state(iterations: done)
    var isObserved = false
    let outcome = try Trainer(backend: backend, parameters: parameters(2)).train(data(), from: start) { _, _ in
      isObserved = true
      return .proceed
    }
    #expect(outcome.state == start)
    #expect(outcome.isComplete)
    #expect(outcome.peakDeviceBytes == 0)
    #expect(backend.log.isEmpty && !isObserved)
  }

  @Test func `a state of other shape is refused before there is a session`() throws {
    let backend = RecordingBackend()
    let trainer = try Trainer(backend: backend, parameters: parameters(3))
    let data = try data()
    #expect(throws: ALSError.stateMismatch("the saved user factors are 4 × 2, not 3 × 2")) {
      try trainer.train(data, from: state(iterations: 1, users: 4))
    }
    #expect(throws: ALSError.stateMismatch("the saved item factors are 1 × 2, not 2 × 2")) {
      try trainer.train(data, from: state(iterations: 1, items: 1))
    }
    #expect(throws: ALSError.stateMismatch("the saved user factors are 3 × 5, not 3 × 2")) {
      try trainer.train(data, from: state(iterations: 1, rank: 5))
    }
    #expect(backend.log.isEmpty)
  }

  @Test func `errors of the backend and of the observer end the run`() throws {
    struct ObserverFailure: Error {}
    let failing = try Trainer(backend: RecordingBackend(failingStep: 3), parameters: parameters(2))
    let data = try data()
    #expect(throws: RecordingBackend.Failure.self) { try failing.train(data) }
    let backend = RecordingBackend()
    let trainer = try Trainer(backend: backend, parameters: parameters(2))
    #expect(throws: ObserverFailure.self) {
      try trainer.train(data) { event, _ in
        if case .halfStep = event { throw ObserverFailure() }
        return .proceed
      }
    }
    #expect(backend.log == ["session", "update item"])
  }
}
