import ALS

/// The content of `model.json`: what a model is and how it came about.
public struct ModelManifest: Codable, Sendable, Equatable {
  /// The value of ``format`` in every model.
  public static let formatName = "gpuals-model"
  /// The version of the directory's layout that this software writes, and the highest that it reads.
  public static let currentFormatVersion = 1

  /// Always ``formatName``.
  public var format: String
  /// Version of the directory's layout.
  public var formatVersion: Int
  /// Version of gpuals that wrote the model.
  public var gpualsVersion: String
  /// The parameters of the run.
  public var parameters: Parameters
  /// Number of users.
  public var users: Int
  /// Number of items.
  public var items: Int
  /// Number of training ratings.
  public var ratings: Int
  /// `CSRMatrix.fingerprint` of the training matrix as 16 hexadecimal digits.
  public var ratingsFingerprint: String
  /// Length of a factor vector.
  public var rank: Int
  /// The mean of the training ratings, where biases were trained.
  public var globalMean: Double?
  /// Name of the device that it was trained on.
  public var device: String
  /// The iteration that made the factors, where early stopping kept those of another than the last.
  public var bestIteration: Int?
  /// What was folded in since training, if anything.
  public var updates: UpdateRecord?
  /// How many files of changes were folded in, where any were.
  public var appliedFiles: Int?
  /// One record for each finished iteration.
  public var iterations: [IterationRecord]
  /// Wall time of the phases.
  public var seconds: PhaseSeconds
  /// Buffers on the device at the peak, in bytes.
  public var peakDeviceBytes: Int
  /// CRC-32 of the other files as 8 hexadecimal digits, where the model is in a place that is not replaced in one step: in S3.
  public var files: [String: String]?

  enum CodingKeys: String, CodingKey {
    case format, parameters, users, items, ratings, rank, device, updates, iterations, seconds, files
    case bestIteration = "best_iteration"
    case appliedFiles = "applied_files"
    case globalMean = "global_mean"
    case formatVersion = "format_version"
    case gpualsVersion = "gpuals_version"
    case ratingsFingerprint = "ratings_fingerprint"
    case peakDeviceBytes = "peak_device_bytes"
  }

  /// Describes a model in memory. Numbers that are not finite, which JSON cannot hold, are left out.
  public init(describing model: Model, seconds: PhaseSeconds, peakDeviceBytes: Int) {
    format = Self.formatName
    formatVersion = Self.currentFormatVersion
    gpualsVersion = Model.softwareVersion
    parameters = Parameters(model.parameters)
    users = model.users.count
    items = model.items.count
    ratings = model.ratingCount
    let digits = String(model.ratingsFingerprint, radix: 16)
    ratingsFingerprint = String(repeating: "0", count: 16 - digits.count) + digits
    rank = model.parameters.rank
    globalMean = model.factors.biases.map { Double($0.mean) }
    device = model.device
    updates = model.updates
    appliedFiles = model.appliedFiles.isEmpty ? nil : model.appliedFiles.count
    bestIteration = model.state.iteration == model.state.history.count ? nil : model.state.iteration
    iterations = model.state.history.map { record in
      IterationRecord(
        iteration: record.iteration, seconds: record.seconds.finite ?? 0, trainRMSE: record.trainRMSE?.finite,
        loss: record.loss?.finite, testRMSE: record.testRMSE?.finite)
    }
    self.seconds = PhaseSeconds(
      read: seconds.read.finite ?? 0, build: seconds.build.finite ?? 0, train: seconds.train.finite ?? 0,
      write: seconds.write.finite ?? 0)
    self.peakDeviceBytes = peakDeviceBytes
  }
}

extension ModelManifest {
  /// The parameters of a run under the names that the command line gives them.
  public struct Parameters: Codable, Sendable, Equatable {
    /// Length of a factor vector.
    public var rank: Int
    /// Number of iterations asked for.
    public var iterations: Int
    /// λ.
    public var regularization: Double
    /// ν.
    public var regularizationExponent: Double
    /// `explicit` or `implicit`.
    public var feedback: String
    /// α of implicit feedback; `nil` where feedback is explicit.
    public var alpha: Double?
    /// Seed of the initial factors.
    public var seed: UInt64
    /// `cholesky` or `cg`; `nil`, in models of version 0.1, stands for `cholesky`.
    public var solver: String?
    /// Steps of `cg`.
    public var cgSteps: Int?
    /// `float32` or `float16`; `nil`, in models of version 0.1, stands for `float32`.
    public var precision: String?
    /// Whether factors are kept at 0 or above; `nil`, in models of version 0.1, stands for no.
    public var nonnegative: Bool?
    /// Whether a mean and biases were trained; `nil`, in models of version 0.1, stands for no.
    public var biases: Bool?
    /// Iterations without a better held-out error after which the run ends; `nil`: never.
    public var earlyStopping: Int?
    /// L2 norm of the initial factors of a user; `nil`, in models of version 0.1, stands for 1.
    public var initialNorm: Double?
    /// `item` or `user`; `nil`, in models of version 0.1, stands for `item`.
    public var firstSide: Side?
    /// `gaussian` or `spark`; `nil`, in models of version 0.1, stands for `gaussian`.
    public var initialization: String?
    /// Number of blocks of users of `spark`.
    public var userBlocks: Int?

    enum CodingKeys: String, CodingKey {
      case rank, iterations, regularization, feedback, alpha, seed, solver, precision, nonnegative, biases,
        initialization
      case cgSteps = "cg_steps"
      case earlyStopping = "early_stopping"
      case initialNorm = "initial_norm"
      case firstSide = "first_side"
      case userBlocks = "user_blocks"
      case regularizationExponent = "regularization_exponent"
    }

    /// Takes the values of checked parameters.
    public init(_ parameters: ALSParameters) {
      rank = parameters.rank
      iterations = parameters.iterations
      regularization = parameters.regularization
      regularizationExponent = parameters.regularizationExponent
      switch parameters.feedback {
      case .explicit: feedback = "explicit"
      case .implicit(let alpha):
        feedback = "implicit"
        self.alpha = alpha
      }
      seed = parameters.seed
      switch parameters.solver {
      case .cholesky: solver = "cholesky"
      case .conjugateGradient(let steps):
        solver = "cg"
        cgSteps = steps
      }
      precision = parameters.precision.rawValue
      nonnegative = parameters.nonnegative
      biases = parameters.biases
      earlyStopping = parameters.earlyStopping
      initialNorm = parameters.initialNorm
      firstSide = parameters.firstSide
      initialization = parameters.initialization.name
      userBlocks = parameters.initialization.userBlocks
    }

    /// The same values, checked by the one door for parameters.
    ///
    /// - Throws: `ALSError.invalidParameter`.
    public func validated() throws(ALSError) -> ALSParameters {
      let kind: Feedback
      switch feedback {
      case "explicit": kind = .explicit
      case "implicit": kind = .implicit(alpha: alpha ?? ALSParameters.Default.alpha)
      default:
        throw .invalidParameter(name: "feedback", value: feedback, requirement: "explicit or implicit")
      }
      let method: Solver
      switch solver ?? "cholesky" {
      case "cholesky": method = .cholesky
      case "cg":
        method = .conjugateGradient(steps: cgSteps ?? ALSParameters.Default.conjugateGradientSteps)
      case let other: throw .invalidParameter(name: "solver", value: other, requirement: "cholesky or cg")
      }
      let stored = precision ?? FactorPrecision.float32.rawValue
      guard let precision = FactorPrecision(rawValue: stored) else {
        throw .invalidParameter(name: "precision", value: stored, requirement: "float32 or float16")
      }
      let start: Initialization
      switch initialization ?? Initialization.gaussian.name {
      case "gaussian": start = .gaussian
      case "spark": start = .spark(userBlocks: userBlocks ?? ALSParameters.Default.userBlocks)
      case let other:
        throw .invalidParameter(name: "initialization", value: other, requirement: "gaussian or spark")
      }
      return try ALSParameters(
        rank: rank, iterations: iterations, regularization: regularization,
        regularizationExponent: regularizationExponent, feedback: kind, seed: seed,
        solver: method, nonnegative: nonnegative ?? false, biases: biases ?? false, precision: precision,
        earlyStopping: earlyStopping,
        initialNorm: initialNorm ?? ALSParameters.Default.initialNorm, firstSide: firstSide ?? .item,
        initialization: start)
    }
  }
}

extension Double {
  /// The number itself, or `nil` where it is infinite or not a number.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
