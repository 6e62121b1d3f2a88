import ALS
import ArgumentParser

/// How a model is learned, but for the numbers that 'tune' searches.
struct SolverOptions: ParsableArguments {
  @Flag(help: "Take ratings for evidence of preference, not for values to reproduce.")
  var implicit = false

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

  @Option(
    help: ArgumentHelp(
      "The side that an iteration solves first: items (Spark's way) or users (implicit's; with --implicit and few items it saves iterations).",
      valueName: "items|users"))
  var first = FirstSide.items

  @Option(
    help: ArgumentHelp(
      "Where the initial factors come from: gaussian, or spark: those that Spark's ALS begins with for the same --seed and --user-blocks, so that training comes to Spark's factors.",
      valueName: "gaussian|spark"))
  var initialization = InitializationChoice.gaussian

  @Option(
    help: ArgumentHelp(
      "With --initialization spark: Spark's numUserBlocks. (default: \(ALSParameters.Default.userBlocks))",
      valueName: "N"))
  var userBlocks: Int?

  @Option(
    help: ArgumentHelp(
      "Seed of the initial factors and of what --holdout draws: a whole number of 64 bits, with or without a sign.",
      valueName: "S"),
    transform: Self.seed)
  var seed = ALSParameters.Default.seed

  /// Reads a seed. Those of Spark have a sign: they stand for the same bits.
  private static func seed(_ text: String) throws -> UInt64 {
    if let seed = UInt64(text) ?? Int64(text).map({ UInt64(bitPattern: $0) }) { return seed }
    throw ValidationError("--seed is '\(text)', but must be a whole number from -2^63 to 2^64 - 1.")
  }

  func validate() throws {
    if cgSteps != nil, solver != .cg {
      throw ValidationError("--cg-steps belongs to --solver cg: give that as well, or leave it out.")
    }
    if userBlocks != nil, initialization != .spark {
      throw ValidationError("--user-blocks belongs to --initialization spark: give that as well, or leave it out.")
    }
    if nonnegative, solver == .cg {
      throw ValidationError("--nonnegative solves rows exactly, and --solver cg does not: leave one of them out.")
    }
    if biases, implicit {
      throw ValidationError(
        "--biases models the values of ratings, and --implicit takes them for evidence: leave one of them out.")
    }
  }

  /// Which objective is minimised.
  ///
  /// - Parameter alpha: of implicit feedback.
  func feedback(alpha: Double?) -> Feedback {
    implicit ? .implicit(alpha: alpha ?? ALSParameters.Default.alpha) : .explicit
  }

  /// The checked parameters, with these numbers.
  ///
  /// - Throws: `ALSError.invalidParameter`.
  func parameters(
    rank: Int, iterations: Int, regularization: Double, regularizationExponent: Double, alpha: Double?,
    initialNorm: Double
  ) throws(ALSError) -> ALSParameters {
    try ALSParameters(
      rank: rank, iterations: iterations, regularization: regularization,
      regularizationExponent: regularizationExponent, feedback: feedback(alpha: alpha), seed: seed,
      solver: solver == .cg
        ? .conjugateGradient(steps: cgSteps ?? ALSParameters.Default.conjugateGradientSteps) : .cholesky,
      nonnegative: nonnegative, biases: biases, precision: precision, earlyStopping: earlyStopping,
      initialNorm: initialNorm, firstSide: first.side,
      initialization: initialization == .spark
        ? .spark(userBlocks: userBlocks ?? ALSParameters.Default.userBlocks) : .gaussian)
  }
}

/// What `--first` names.
enum FirstSide: String, Sendable, CaseIterable, ExpressibleByArgument {
  case items, users

  var side: Side { self == .items ? .item : .user }
}

/// What `--initialization` names.
enum InitializationChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case gaussian, spark
}

/// What `--solver` names.
enum SolverChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case cholesky, cg
}

extension FactorPrecision: ExpressibleByArgument {}
