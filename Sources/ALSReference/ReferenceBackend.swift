import ALS

/// The specification in code: alternating least squares in plain Swift, with every sum in 64-bit arithmetic. Every device is
/// tested against it, and it trains where there is no device. Rows are solved on all cores.
public struct ReferenceBackend: Backend {
  /// There is nothing to choose.
  public init() {}

  /// "reference".
  public var name: String { "reference" }

  /// Keeps the data; nothing is copied.
  public func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession
  {
    ReferenceSession(data: data, parameters: parameters, factors: initial)
  }
}
