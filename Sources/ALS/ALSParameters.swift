/// Everything that decides the result of a training run, apart from the ratings.
///
/// The initialiser is the only door: a value of this type is valid.
public struct ALSParameters: Sendable, Hashable {
  /// Length f of a factor vector; at least 1.
  public let rank: Int
  /// Number of iterations; each solves all rows of ``firstSide``, then all of the other.
  public let iterations: Int
  /// λ ≥ 0, the weight of the squared norms in the objective.
  public let regularization: Double
  /// ν ≥ 0: a row with n ratings is regularized by λ·n^ν. 1 is ALS-WR and Spark's ALS, 0 is implicit's plain λ.
  public let regularizationExponent: Double
  /// Whether all factors are kept at 0 or above: each row is the nonnegative least squares solution (NNLS) of its equations.
  public let nonnegative: Bool
  /// Whether the mean of the ratings and a bias of each user and item are modelled beside the factors; see ``Biases``.
  public let biases: Bool
  /// Which objective is minimised.
  public let feedback: Feedback
  /// The side that each iteration solves first, from initial factors of the other: items, as Spark, or users, as implicit. With
  /// little to start from the choice decides how fast training gets under way, hardly where it ends.
  public let firstSide: Side
  /// Seed of the initial factors; Spark's, of 64 bits with a sign, has the same bits.
  public let seed: UInt64
  /// Where the initial factors come from.
  public let initialization: Initialization
  /// L2 norm of the initial factors of each row. As ``firstSide``, it decides how fast training gets under way.
  public let initialNorm: Double
  /// How the equations of a row are solved.
  public let solver: Solver
  /// How the fixed factors of a half-step are stored while the other side is solved.
  public let precision: FactorPrecision
  /// The run ends after so many iterations in a row without a better held-out error than the best before, and keeps the
  /// factors of that one; `nil`: all iterations are done.
  public let earlyStopping: Int?

  /// The defaults of every door: command line and library.
  public enum Default {
    /// Default of ``ALSParameters/rank``.
    public static let rank = 64
    /// Default of ``ALSParameters/iterations``.
    public static let iterations = 10
    /// Default of ``ALSParameters/regularization``.
    public static let regularization = 0.1
    /// Default of ``ALSParameters/regularizationExponent``.
    public static let regularizationExponent = 1.0
    /// Default α of ``Feedback/implicit(alpha:)``.
    public static let alpha = 1.0
    /// Default of ``ALSParameters/seed``.
    public static let seed: UInt64 = 42
    /// Default of ``ALSParameters/initialNorm``: Spark's.
    public static let initialNorm = 1.0
    /// Default number of blocks of ``Initialization/spark(userBlocks:)``: that of Spark's ALS.
    public static let userBlocks = 10
    /// Default number of steps of ``Solver/conjugateGradient(steps:)``.
    public static let conjugateGradientSteps = 3
  }

  /// Checks the values.
  ///
  /// - Throws: ``ALSError/invalidParameter(name:value:requirement:)`` naming the first one out of range.
  public init(
    rank: Int = Default.rank,
    iterations: Int = Default.iterations,
    regularization: Double = Default.regularization,
    regularizationExponent: Double = Default.regularizationExponent,
    feedback: Feedback = .explicit,
    seed: UInt64 = Default.seed,
    solver: Solver = .cholesky,
    nonnegative: Bool = false,
    biases: Bool = false,
    precision: FactorPrecision = .float32,
    earlyStopping: Int? = nil,
    initialNorm: Double = Default.initialNorm,
    firstSide: Side = .item,
    initialization: Initialization = .gaussian
  ) throws(ALSError) {
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ requirement: String)
      throws(ALSError)
    {
      guard holds else {
        throw .invalidParameter(name: name, value: value.description, requirement: requirement)
      }
    }
    try require(rank >= 1, "rank", rank, "a whole number of at least 1")
    try require(rank <= Self.maximumRank, "rank", rank, "at most \(Self.maximumRank)")
    try require(iterations >= 1, "iterations", iterations, "a whole number of at least 1")
    try require(
      regularization >= 0 && regularization <= Self.maximumWeight, "regularization", regularization,
      "a number from 0 to \(Self.maximumWeight)")
    try require(
      regularizationExponent >= 0 && regularizationExponent <= 2, "regularization-exponent", regularizationExponent,
      "a number from 0 to 2")
    if case .implicit(let alpha) = feedback {
      try require(
        alpha >= 0 && alpha <= Self.maximumWeight, "alpha", alpha, "a number from 0 to \(Self.maximumWeight)")
    }
    self.rank = rank
    self.iterations = iterations
    self.regularization = regularization
    self.regularizationExponent = regularizationExponent
    self.feedback = feedback
    if case .conjugateGradient(let steps) = solver {
      try require(
        (1...Self.maximumConjugateGradientSteps).contains(steps), "cg-steps", steps,
        "a whole number from 1 to \(Self.maximumConjugateGradientSteps)")
      try require(!nonnegative, "solver", "cg", "cholesky where factors are to be nonnegative")
    }
    self.nonnegative = nonnegative
    try require(!biases || !feedback.isImplicit, "biases", biases, "left out with implicit feedback")
    self.biases = biases
    if let earlyStopping {
      try require(earlyStopping >= 1, "early-stopping", earlyStopping, "a whole number of at least 1")
    }
    self.earlyStopping = earlyStopping
    self.seed = seed
    try require(
      initialNorm >= Self.initialNorms.lowerBound && initialNorm <= Self.initialNorms.upperBound, "initial-norm",
      initialNorm, "a number from \(Self.initialNorms.lowerBound) to \(Self.initialNorms.upperBound)")
    self.initialNorm = initialNorm
    self.firstSide = firstSide
    if case .spark(let blocks) = initialization {
      try SparkStart.check(blocks: blocks)
      try require(
        firstSide == .item, "first", "users", "items with --initialization spark: Spark starts from users' factors")
      try require(initialNorm == 1, "initial-norm", initialNorm, "1 with --initialization spark, as Spark has it")
    }
    self.initialization = initialization
    self.solver = solver
    self.precision = precision
  }

  /// Unknowns of a row: its factors, and behind them its bias if there are biases.
  public var unknowns: Int { biases ? rank + 1 : rank }

  /// The sides in the order in which an iteration solves them.
  public var sides: [Side] { [firstSide, firstSide.other] }

  /// Above this, a single row's matrix (rank² floats) no longer fits what devices hand out to a work-group's scratch.
  public static let maximumRank = 4096

  /// Far more steps than the largest rank needs to come to the exact solution.
  public static let maximumConjugateGradientSteps = 10_000

  /// Beyond these, the first half-step's sums of squares come near the ends of 32-bit range.
  public static let initialNorms = 1e-6...1e6

  /// Weights enter 32-bit arithmetic; far above this their squares overflow it.
  public static let maximumWeight = 1e9
}
