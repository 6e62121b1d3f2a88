import ALS
import RatingsIO

/// A model that `--resume` goes on from.
struct EarlierRun {
  /// Its record.
  var manifest: ModelManifest
  /// Its factors, ids and names.
  var model: Model
  private var path: String

  /// The model in the directory, or `nil`, with a notice, if none is there.
  ///
  /// - Throws: `CommandError.resumeMismatch` if it was trained with other parameters, and what loading throws.
  static func find(in directory: ModelDirectory, model path: String, parameters: ALSParameters, _ notices: Notices)
    throws -> EarlierRun?
  {
    guard directory.exists else {
      notices.note("\(path) holds no model to resume: training starts from the beginning")
      return nil
    }
    let manifest = try directory.loadManifest()
    let model = try directory.load([.factors, .ids, .names])
    let run = EarlierRun(manifest: manifest, model: model, path: path)
    try run.check(parameters)
    return run
  }

  /// All parameters but the number of iterations must be the same.
  private func check(_ parameters: ALSParameters) throws(CommandError) {
    func require<Value: Equatable>(_ name: String, _ saved: Value, _ wanted: Value) throws(CommandError) {
      guard saved != wanted else { return }
      throw .resumeMismatch(model: path, what: "it was trained with --\(name) \(saved), not \(wanted)")
    }
    let saved = model.parameters
    try require("rank", saved.rank, parameters.rank)
    try require("regularization", saved.regularization, parameters.regularization)
    try require("regularization-exponent", saved.regularizationExponent, parameters.regularizationExponent)
    try require("seed", saved.seed, parameters.seed)
    try require("first", "\(saved.firstSide.rawValue)s", "\(parameters.firstSide.rawValue)s")
    try require("initialization", saved.initialization.name, parameters.initialization.name)
    if let saved = saved.initialization.userBlocks, let wanted = parameters.initialization.userBlocks {
      try require("user-blocks", saved, wanted)
    }
    try require("initial-norm", saved.initialNorm, parameters.initialNorm)
    try require("precision", saved.precision.rawValue, parameters.precision.rawValue)
    guard saved.nonnegative == parameters.nonnegative else {
      throw .resumeMismatch(
        model: path, what: "it was trained \(saved.nonnegative ? "with" : "without") --nonnegative")
    }
    guard saved.biases == parameters.biases else {
      throw .resumeMismatch(model: path, what: "it was trained \(saved.biases ? "with" : "without") --biases")
    }
    switch (saved.solver, parameters.solver) {
    case (.cholesky, .cholesky): break
    case (.conjugateGradient(let saved), .conjugateGradient(let wanted)): try require("cg-steps", saved, wanted)
    case (.cholesky, .conjugateGradient):
      throw .resumeMismatch(model: path, what: "it was trained with --solver cholesky")
    case (.conjugateGradient, .cholesky): throw .resumeMismatch(model: path, what: "it was trained with --solver cg")
    }
    switch (saved.feedback, parameters.feedback) {
    case (.explicit, .explicit): break
    case (.implicit(let saved), .implicit(let wanted)): try require("alpha", saved, wanted)
    case (.explicit, .implicit): throw .resumeMismatch(model: path, what: "it was trained without --implicit")
    case (.implicit, .explicit): throw .resumeMismatch(model: path, what: "it was trained with --implicit")
    }
  }

  /// Why there is nothing left to do, if so.
  func endReason(_ parameters: ALSParameters) -> String? {
    let done = manifest.iterations.count
    if done >= parameters.iterations {
      return "already has its \(Quantity.counted(done, "iteration")): nothing to do (--iterations trains longer)"
    }
    if let patience = parameters.earlyStopping, done - model.state.iteration >= patience {
      return "was ended by early stopping after iteration \(done), and keeps iteration \(model.state.iteration):"
        + " nothing to do (a higher --early-stopping trains longer)"
    }
    return nil
  }

  /// The ratings must be the same, ids included.
  func check(_ input: TrainingInput) throws(CommandError) {
    guard model.ratingsFingerprint == input.fingerprint, model.users == input.users, model.items == input.items else {
      throw .resumeMismatch(
        model: path,
        what: "it was trained on \(Quantity.counted(model.ratingCount, "rating")) of"
          + " \(Quantity.counted(model.users.count, "user")) and \(Quantity.counted(model.items.count, "item")),"
          + " and these \(Quantity.grouped(input.data.byUser.entryCount)) are not the same")
    }
  }
}
