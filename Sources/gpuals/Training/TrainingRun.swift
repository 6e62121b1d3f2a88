import ALS
import ALSOpenCL
import RatingsIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One run of `train`: what is checked before hours of work, what is read, the loop with its checkpoints, what is saved.
struct TrainingRun {
  /// What is read.
  var source: TrainingSource
  /// What is learned.
  var parameters: ALSParameters
  /// Where the model goes.
  var directory: ModelDirectory
  /// The same as the user wrote it.
  var model: String
  /// Save after every so many iterations.
  var checkpointEvery: Int?
  /// Go on from the model in the directory.
  var resumes: Bool
  /// The model to start from, if not from random factors.
  var from: String?
  /// Keep the training matrix with the model.
  var keepsRatings: Bool
  /// What is said when a signal ends it before anything is saved.
  var interruptionMessage = "interrupted: nothing was saved (with --checkpoint-every K, training can be resumed)"

  private var notices: Notices { source.notices }
  private let clock = ContinuousClock()

  /// Does it all.
  func perform(device: DeviceOptions) throws -> TrainingSummary {
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was saved"))
    try directory.checkWritable()
    let backend = try device.backend()
    directory.removeLeftovers()
    if let from { try checkStart(from) }
    let earlier = resumes ? try EarlierRun.find(in: directory, model: model, parameters: parameters, notices) : nil

    let preparation = BackendPreparation(of: backend, for: parameters)
    defer { preparation.end() }
    let input = try source.read()
    try earlier?.check(input)
    if let earlier, let reason = earlier.endReason(parameters) {
      notices.note("\(model) \(reason)")
      return TrainingSummary(earlier.manifest, model: model)
    }
    return try train(input, on: backend, preparedBy: preparation, after: earlier)
  }

  /// Reads the ratings, and says what training would hold in the memory of each device. Writes nothing.
  ///
  /// - Throws: `DeviceMemoryError` if it would not fit.
  func memoryPlans(device: DeviceOptions) throws -> [MemoryPlanReport] {
    let backend = try device.backend()
    let data = try source.read().data
    let plans: [(MemoryPlan, String)]
    switch backend {
    case let backend as OpenCLBackend:
      plans = [(try backend.memoryPlan(for: data, parameters: parameters), backend.name)]
    case let group as DeviceGroup:
      plans = Array(zip(try group.memoryPlans(for: data, parameters: parameters), group.members.map(\.name)))
    default: throw CommandError.nothingUsable
    }
    return plans.map { MemoryPlanReport($0, data: data, parameters: parameters, device: $1) }
  }

  /// Trains on what was read, and saves the model.
  ///
  /// - Parameters:
  ///   - preparation: what is waited for before the start.
  ///   - earlier: the run to go on from.
  func train(
    _ input: TrainingInput, on backend: any Backend, preparedBy preparation: BackendPreparation? = nil,
    after earlier: EarlierRun? = nil
  ) throws -> TrainingSummary {
    var input = input
    input.names = input.names ?? earlier?.model.itemNames
    notices.note(
      "training on \(backend.name): rank \(parameters.rank), \(Quantity.counted(parameters.iterations, "iteration"))"
        + (earlier.map { ", going on after iteration \($0.model.state.iteration)" } ?? ""))

    var seconds = PhaseSeconds(read: input.readSeconds, build: input.buildSeconds)
    let earlierSeconds = earlier?.manifest.seconds.train ?? 0
    // Until the trainer is ready, time goes into bringing the ratings to the device and compiling kernels.
    var began = clock.now
    try preparation?.finish()
    let progress = TrainingProgress(
      notices: notices, total: parameters.iterations, done: earlier?.model.state.iteration ?? 0,
      ratings: input.data.byUser.entryCount)
    defer { progress.end() }

    var saved = earlier?.manifest
    func save(_ state: TrainingState, peakDeviceBytes: Int) throws {
      let now = clock.now
      seconds.train = earlierSeconds + (now - began).inSeconds - seconds.write
      let model = model(of: state, input: input, device: backend.name)
      try directory.save(model, seconds: seconds, peakDeviceBytes: peakDeviceBytes, keepsRatings: keepsRatings)
      seconds.write += (clock.now - now).inSeconds
      saved = ModelManifest(describing: model, seconds: seconds, peakDeviceBytes: peakDeviceBytes)
    }

    setInterruption()
    let start = try earlier?.model.state ?? from.map { try warmStart(from: $0, input) }
    let trainer = Trainer(backend: backend, parameters: parameters)
    let outcome: Trainer.Outcome
    do {
      outcome = try trainer.train(input.data, from: start) { event, state in
        if case .ready = event {
          seconds.build += (clock.now - began).inSeconds
          began = clock.now
        }
        progress.show(event)
        if case .iteration(let record) = event, let checkpointEvery, record.iteration % checkpointEvery == 0,
          record.iteration < parameters.iterations
        {
          try save(try state(), peakDeviceBytes: earlier?.manifest.peakDeviceBytes ?? 0)
        }
        return Interruption.shared.requested == nil ? .proceed : .stop
      }
    } catch let error as ALSError {
      throw error.naming(users: input.users, items: input.items)
    }
    progress.end()

    // From here on the model is written: a signal waits until it is whole.
    Interruption.shared.set(.whenAsked(notice: "stopping once the model is written"))
    let finished = outcome.state.history.count
    if outcome.isComplete || finished > saved?.iterations.count ?? 0 {
      try save(outcome.state, peakDeviceBytes: outcome.peakDeviceBytes)
    }
    guard outcome.isComplete, let saved else {
      throw CommandError.interrupted(
        signal: Interruption.shared.requested ?? SIGINT,
        outcome: finished == 0
          ? "interrupted before the first iteration: nothing was saved"
          : "interrupted after iteration \(finished) of \(parameters.iterations), which is saved in \(model);"
            + " the same command with --resume goes on from there")
    }
    let summary = TrainingSummary(saved, model: model)
    TrainingReport(summary: summary, input: input, keepsRatings: keepsRatings).tell(notices)
    try Interruption.shared.check("interrupted, but the model was complete and is saved in \(model)")
    return summary
  }

  /// Refuses a model that training cannot start from, before the ratings are read.
  private func checkStart(_ path: String) throws {
    let saved = try ModelDirectory(path).loadManifest().parameters
    guard saved.rank == parameters.rank else {
      throw CommandError.startMismatch(
        model: path, what: "its rank is \(saved.rank), not \(parameters.rank): give --rank \(saved.rank)")
    }
  }

  private func warmStart(from path: String, _ input: TrainingInput) throws -> TrainingState {
    let earlier = try ModelDirectory(path).load([.factors, .ids])
    let start = try Factors.warmStart(
      from: earlier, users: input.users, items: input.items, data: input.data, parameters: parameters)
    guard start.knownUsers > 0 else {
      throw CommandError.startMismatch(
        model: path, what: "it knows none of the \(Quantity.counted(input.users.count, "user")) of these ratings")
    }
    notices.note(
      "starting from \(path), which knows \(Quantity.grouped(start.knownUsers)) of"
        + " \(Quantity.counted(input.users.count, "user")) and \(Quantity.grouped(start.knownItems)) of"
        + " \(Quantity.counted(input.items.count, "item"))")
    return TrainingState(history: [], factors: start.factors)
  }

  private func setInterruption() {
    guard checkpointEvery != nil else {
      Interruption.shared.set(.atOnce(message: interruptionMessage))
      return
    }
    Interruption.shared.set(
      .whenAsked(
        notice: "stopping at the end of this iteration to save it; Ctrl-C again ends at once",
        atOnce: "interrupted at once; --resume goes on from the last checkpoint in \(model), if there is one yet"))
  }

  private func model(of state: TrainingState, input: TrainingInput, device: String) -> Model {
    Model(
      parameters: parameters, users: input.users, items: input.items, state: state, itemNames: input.names,
      ratings: keepsRatings ? input.data.byUser : nil, ratingCount: input.data.byUser.entryCount,
      ratingsFingerprint: input.fingerprint, device: device, appliedFiles: input.changeFiles)
  }
}
