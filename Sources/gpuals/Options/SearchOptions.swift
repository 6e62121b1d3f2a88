import ALS
import ArgumentParser

/// The numbers that 'tune' tries: each a value, several, or a range.
struct SearchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Numbers of factors to try.", valueName: "F,…"))
  var rank = SearchValues(ALSParameters.Default.rank)

  @Option(help: ArgumentHelp("Weights λ of the squared norms of the factors to try.", valueName: "λ,…"))
  var regularization = SearchValues(ALSParameters.Default.regularization)

  @Option(
    help: ArgumentHelp(
      "Exponents ν to try: a row with n ratings is regularized by λ·n^ν.", valueName: "ν,…"))
  var regularizationExponent = SearchValues(ALSParameters.Default.regularizationExponent)

  @Option(
    help: ArgumentHelp(
      "With --implicit: confidences α to try: a rating r counts 1 + α|r|. (default: \(ALSParameters.Default.alpha))",
      valueName: "α,…"))
  var alpha: SearchValues?

  @Option(help: ArgumentHelp("Numbers of iterations to try.", valueName: "N,…"))
  var iterations = SearchValues(ALSParameters.Default.iterations)

  @Option(help: ArgumentHelp("Lengths of the initial factors of a row to try.", valueName: "L,…"))
  var initialNorm = SearchValues(ALSParameters.Default.initialNorm)

  @Option(
    help: ArgumentHelp(
      "Draw so many combinations at random, by --seed, in place of trying all. Ranges, as in 0.001..1, need it.",
      valueName: "N"))
  var trials: Int?

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is \(trials), but must be at least 1.") }
  }

  private var all: [SearchedParameter: SearchValues] {
    var all: [SearchedParameter: SearchValues] = [
      .rank: rank, .regularization: regularization, .regularizationExponent: regularizationExponent,
      .iterations: iterations, .initialNorm: initialNorm,
    ]
    all[.alpha] = alpha
    return all
  }

  /// What is searched.
  var space: SearchSpace { SearchSpace(all.mapValues(\.values)) }

  /// The parameters of each trial.
  ///
  /// - Throws: `ALSError.invalidParameter`, `CommandError.rangeWithoutTrials`.
  func parameters(_ solver: SolverOptions) throws -> [ALSParameters] {
    let start = try solver.parameters(
      rank: ALSParameters.Default.rank, iterations: ALSParameters.Default.iterations,
      regularization: ALSParameters.Default.regularization,
      regularizationExponent: ALSParameters.Default.regularizationExponent, alpha: nil,
      initialNorm: ALSParameters.Default.initialNorm)
    // Bounds too: what is drawn lies between them.
    for (parameter, values) in all.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for value in values.extremes { _ = try start.setting([parameter: value]) }
    }
    let space = space
    let points: [[SearchedParameter: Double]]
    if let trials {
      points = space.sample(trials, seed: solver.seed)
    } else if let grid = space.grid {
      points = grid
    } else {
      throw CommandError.rangeWithoutTrials(space.ranges.map { $0.optionName })
    }
    return try points.map { try start.setting($0) }
  }
}

extension SearchedParameter {
  /// The option that gives it.
  var optionName: String { String(rawValue.map { $0 == "_" ? "-" : $0 }) }
}
