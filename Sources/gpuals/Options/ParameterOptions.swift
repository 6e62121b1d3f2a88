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

  @Option(
    help: ArgumentHelp(
      "The length of the initial factors of a row. 0.1 often saves half of the iterations or more.", valueName: "L"))
  var initialNorm = ALSParameters.Default.initialNorm

  @Option(
    help: ArgumentHelp(
      "With --implicit: a rating r counts with the confidence 1 + α|r|. (default: \(ALSParameters.Default.alpha))",
      valueName: "α"))
  var alpha: Double?

  @OptionGroup var solver: SolverOptions

  func validate() throws {
    if alpha != nil, !solver.implicit {
      throw ValidationError("--alpha weighs implicit ratings: give --implicit as well, or leave it out.")
    }
  }

  /// Which objective is minimised.
  var feedback: Feedback { solver.feedback(alpha: alpha) }

  /// The checked parameters.
  ///
  /// - Throws: `ALSError.invalidParameter`.
  func parameters() throws(ALSError) -> ALSParameters {
    try solver.parameters(
      rank: rank, iterations: iterations, regularization: regularization,
      regularizationExponent: regularizationExponent, alpha: alpha, initialNorm: initialNorm)
  }
}
