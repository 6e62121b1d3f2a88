import ALS
import ArgumentParser

/// The options that decide what is learned: those of `ALSParameters`, under the same names.
struct ParameterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Number of factors of a user or an item.", valueName: "F"))
  var rank = ALSParameters.Default.rank

  @Option(help: ArgumentHelp("Number of iterations; each solves all rows of both sides.", valueName: "N"))
  var iterations = ALSParameters.Default.iterations

  @Option(help: ArgumentHelp("The weight λ of the squared norms of the factors.", valueName: "λ"))
  var regularization = ALSParameters.Default.regularization

  @Option(
    help: ArgumentHelp(
      "A row with n ratings is regularized by λ·n^ν: 1 is ALS-WR and Spark's way, 0 a plain λ.", valueName: "ν"))
  var regularizationExponent = ALSParameters.Default.regularizationExponent

  @Option(help: ArgumentHelp("Seed of the initial factors and of --holdout.", valueName: "S"))
  var seed = ALSParameters.Default.seed

  @Option(
    help: ArgumentHelp(
      "The length of the initial factors of a row. 0.1 often saves half of the iterations or more.", valueName: "L"))
  var initialNorm = ALSParameters.Default.initialNorm

  @Option(
    help: ArgumentHelp(
      "The side that an iteration solves first: items (Spark's way) or users (implicit's; with --implicit and few items it saves iterations).",
      valueName: "items|users"))
  var first = FirstSide.items

  @Flag(help: "Take ratings for evidence of preference, not for values to reproduce.")
  var implicit = false

  @Option(
    help: ArgumentHelp(
      "With --implicit: a rating r counts with the confidence 1 + α|r|. (default: \(ALSParameters.Default.alpha))",
      valueName: "α"))
  var alpha: Double?

  @Flag(help: "Model the mean of the ratings and a bias of each user and item beside the factors.")
  var biases = false

  @Flag(help: "Keep all factors at 0 or above: each row is solved by nonnegative least squares.")
  var nonnegative = false

  @Option(
    help: ArgumentHelp(
      "How a row is solved: cholesky (exact), or cg (conjugate gradient from the row's present factors: faster at high ranks).",
      valueName: "cholesky|cg"))
  var solver = SolverChoice.cholesky

  @Option(
    help: ArgumentHelp(
      "With --solver cg: steps for each row. (default: \(ALSParameters.Default.conjugateGradientSteps))", valueName: "K"
    ))
  var cgSteps: Int?

  @Option(
    help: ArgumentHelp(
      "How the fixed factors are stored while the other side is solved: float16 halves the memory traffic; the arithmetic is in 32 bits either way.",
      valueName: "float32|float16"))
  var precision = FactorPrecision.float32

  @Option(
    help: ArgumentHelp(
      "End after P iterations in a row without a better error on the ratings of --test or --holdout, and keep the best.",
      valueName: "P"))
  var earlyStopping: Int?

  func validate() throws {
    if cgSteps != nil, solver != .cg {
      throw ValidationError("--cg-steps belongs to --solver cg: give that as well, or leave it out.")
    }
    if nonnegative, solver == .cg {
      throw ValidationError("--nonnegative solves rows exactly, and --solver cg does not: leave one of them out.")
    }
    if biases, implicit {
      throw ValidationError(
        "--biases models the values of ratings, and --implicit takes them for evidence: leave one of them out.")
    }
    if alpha != nil, !implicit {
      throw ValidationError("--alpha weighs implicit ratings: give --implicit as well, or leave it out.")
    }
  }

  /// Which objective is minimised.
  var feedback: Feedback {
    implicit ? .implicit(alpha: alpha ?? ALSParameters.Default.alpha) : .explicit
  }

  /// The checked parameters.
  ///
  /// - Throws: `ALSError.invalidParameter`.
  func parameters() throws(ALSError) -> ALSParameters {
    try ALSParameters(
      rank: rank, iterations: iterations, regularization: regularization,
      regularizationExponent: regularizationExponent, feedback: feedback, seed: seed,
      solver: solver == .cg
        ? .conjugateGradient(steps: cgSteps ?? ALSParameters.Default.conjugateGradientSteps) : .cholesky,
      nonnegative: nonnegative, biases: biases,
      precision: precision, earlyStopping: earlyStopping, initialNorm: initialNorm,
      firstSide: first.side)
  }
}

/// What `--first` names.
enum FirstSide: String, Sendable, CaseIterable, ExpressibleByArgument {
  case items, users

  var side: Side { self == .items ? .item : .user }
}

/// What `--solver` names.
enum SolverChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case cholesky, cg
}

extension FactorPrecision: ExpressibleByArgument {}
