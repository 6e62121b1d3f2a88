import ALS
import ArgumentParser

/// What Spark does not keep of the run that made a model. It decides what `update` and `explain` compute.
struct SparkSettings: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Spark's regParam of the run. (default: \(Self.defaultRegularization), as in Spark)", valueName: "λ"))
  var regularization: Double?

  @Flag(help: "Spark's implicitPrefs was true.")
  var implicit = false

  @Option(help: ArgumentHelp("With --implicit: Spark's alpha. (default: 1.0, as in Spark)", valueName: "α"))
  var alpha: Double?

  @Flag(help: "Spark's nonnegative was true.")
  var nonnegative = false

  private static let defaultRegularization = 0.1
  private static let iterations = 10

  func validate() throws {
    if alpha != nil, !implicit {
      throw ValidationError("--alpha weighs implicit ratings: give --implicit as well, or leave it out.")
    }
  }

  /// Whether any of them is given.
  var isGiven: Bool { regularization != nil || implicit || nonnegative }

  /// Which objective was minimised.
  var feedback: Feedback { implicit ? .implicit(alpha: alpha ?? ALSParameters.Default.alpha) : .explicit }

  /// The parameters of a model of some rank.
  ///
  /// - Throws: `ALSError.invalidParameter`.
  func parameters(rank: Int) throws(ALSError) -> ALSParameters {
    try ALSParameters(
      rank: rank, iterations: Self.iterations, regularization: regularization ?? Self.defaultRegularization,
      feedback: feedback, nonnegative: nonnegative)
  }
}
