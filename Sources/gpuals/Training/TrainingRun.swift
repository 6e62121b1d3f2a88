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
  /// Where the ratings are.
  var ratings: [Location]
  /// How they are read.
  var readOptions: ReadOptions
  /// Names of the items, if given.
  var itemNames: ItemNameOptions
  /// What to measure the error on.
  var testing: TestingOptions
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
  /// Keep the training matrix with the model.
  var keepsRatings: Bool
  /// Where to tell what happens.
  var notices: Notices

  private let clock = ContinuousClock()

  /// Does it all.
  func perform(device: DeviceOptions) throws -> TrainingSummary {
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was saved"))
    try directory.checkWritable()
    let backend = try device.backend()
    directory.removeLeftovers()
    let earlier = resumes ? try EarlierRun.find(in: directory, model: model, parameters: parameters, notices) : nil

    let preparation = BackendPreparation(of: backend, for: parameters)
    defer { preparation.end() }
    let input = try TrainingInput.read(self)
    try earlier?.check(input)
    if let earlier, earlier.manifest.iterations.count >= parameters.iterations {
      notices.note(
        "\(model) already has its \(Quantity.counted(earlier.manifest.iterations.count, "iteration")): nothing to do"
          + " (--iterations trains longer)")
      return TrainingSummary(earlier.manifest, model: model)
    }
    return try train(input, on: backend, preparedBy: preparation, after: earlier)
  }

  /// Reads the ratings, and says what training would hold in the memory of the device. Writes nothing.
  ///
  /// - Throws: `DeviceMemoryError` if it would not fit.
  func memoryPlan(device: DeviceOptions) throws -> MemoryPlanReport {
    let backend = try device.backend()
    guard let backend = backend as? OpenCLBackend else { throw CommandError.nothingUsable }
    let data = try TrainingInput.read(self).data
    return MemoryPlanReport(
      try backend.memoryPlan(for: data, parameters: parameters), data: data, parameters: parameters,
      device: backend.name)
  }

  private func train(
    _ input: TrainingInput, on backend: any Backend, preparedBy preparation: BackendPreparation,
    after earlier: EarlierRun?
  ) throws -> TrainingSummary {
    var input = input
    input.names = input.names ?? earlier?.model.itemNames
    notices.note(
      "training on \(backend.name): rank \(parameters.rank), \(Quantity.counted(parameters.iterations, "iteration"))"
        + (earlier.map { ", going on after iteration \($0.manifest.iterations.count)" } ?? ""))

    var seconds = PhaseSeconds(read: input.readSeconds, build: input.buildSeconds)
    let earlierSeconds = earlier?.manifest.seconds.train ?? 0
    // Until the trainer is ready, time goes into bringing the ratings to the device and compiling kernels.
    var start = clock.now
    try preparation.finish()
    let progress = TrainingProgress(
      notices: notices, total: parameters.iterations, done: earlier?.manifest.iterations.count ?? 0,
      ratings: input.data.byUser.entryCount)
    defer { progress.end() }

    var saved = earlier?.manifest
    func save(_ state: TrainingState, peakDeviceBytes: Int) throws {
      let began = clock.now
      seconds.train = earlierSeconds + (began - start).inSeconds - seconds.write
      let model = model(of: state, input: input, device: backend.name)
      try directory.save(model, seconds: seconds, peakDeviceBytes: peakDeviceBytes, keepsRatings: keepsRatings)
      seconds.write += (clock.now - began).inSeconds
      saved = ModelManifest(describing: model, seconds: seconds, peakDeviceBytes: peakDeviceBytes)
    }

    setInterruption()
    let trainer = Trainer(backend: backend, parameters: parameters)
    let outcome: Trainer.Outcome
    do {
      outcome = try trainer.train(input.data, from: earlier?.model.state) { event, state in
        if case .ready = event {
          seconds.build += (clock.now - start).inSeconds
          start = clock.now
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

  private func setInterruption() {
    guard checkpointEvery != nil else {
      Interruption.shared.set(
        .atOnce(
          message: "interrupted: nothing was saved (with --checkpoint-every K, training can be resumed)"))
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
      ratingsFingerprint: input.fingerprint, device: device)
  }
}
