/// A place where half-steps are computed: the reference solver, or a device.
public protocol Backend: Sendable {
  /// What to call it in a model's record, for example the device's name.
  var name: String { get }

  /// Does what can be done before the ratings are known, such as compiling, so that it may be done while they are read.
  /// Without it, ``makeSession(data:parameters:initial:)`` and the first half-steps take that time.
  func prepare(_ parameters: ALSParameters) throws

  /// Brings the ratings and the initial factors to where they are computed with.
  ///
  /// - Parameters:
  ///   - data: both orientations of the ratings; they stay resident for the life of the session.
  ///   - parameters: what is computed.
  ///   - initial: factors, of which those of the side that is solved last in an iteration decide the result.
  func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession

  /// Brings the ratings to where they are computed with, for more than one session.
  func place(_ data: TrainingData) -> any PlacedRatings
}

extension Backend {
  /// Nothing to prepare.
  public func prepare(_ parameters: ALSParameters) throws {}

  /// Each session brings them anew.
  public func place(_ data: TrainingData) -> any PlacedRatings { UnplacedRatings(backend: self, data: data) }
}

/// Ratings and factors in place, ready for half-steps. ``Trainer`` holds the only loop over them.
public protocol TrainingSession: AnyObject {
  /// One half-step: solves every row of `side` with the other side fixed.
  ///
  /// - Parameters:
  ///   - side: what is solved.
  ///   - gramian: YᵀY as implicit training takes it, rank × rank, where the fixed side of the session holds only some of the rows that
  ///     it is summed over; `nil`: the sum over the fixed side. Not read in explicit training.
  /// - Throws: ``ALSError/singularSystem(side:row:id:)`` with the lowest row whose matrix is not positive definite in the
  ///   arithmetic of the backend, ``ALSError/overflow(side:row:id:)`` if a solution leaves 32-bit range. The factors of
  ///   `side` are unspecified afterwards.
  func update(_ side: Side, gramian: FactorMatrix?) throws

  /// The objective at the present factors.
  func loss() throws -> Loss

  /// Σ (target − xᵀy)² over the held-out ratings; 0 without any.
  func heldOutSquaredError() throws -> Double

  /// A copy of the present factors of one side: rows × rank.
  func factors(of side: Side) throws -> FactorMatrix

  /// A copy of the present biases of one side, where they are trained.
  func biases(of side: Side) throws -> [Float]?

  /// The most memory that buffers took on the device at any time, in bytes.
  var peakDeviceBytes: Int { get }
}

extension TrainingSession {
  /// One half-step, in which the session holds all of the fixed side.
  public func update(_ side: Side) throws { try update(side, gramian: nil) }

  /// None.
  public func biases(of side: Side) throws -> [Float]? { nil }
}
