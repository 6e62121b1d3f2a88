/// A parameter that a search tries values of. Raw values are the names in files.
public enum SearchedParameter: String, CaseIterable, Sendable, Codable {
  /// ``ALSParameters/rank``.
  case rank
  /// ``ALSParameters/regularization``.
  case regularization
  /// ``ALSParameters/regularizationExponent``.
  case regularizationExponent = "regularization_exponent"
  /// α of ``Feedback/implicit(alpha:)``.
  case alpha
  /// ``ALSParameters/iterations``.
  case iterations
  /// ``ALSParameters/initialNorm``.
  case initialNorm = "initial_norm"

  /// Whether its values are whole numbers.
  public var isWhole: Bool { self == .rank || self == .iterations }

  /// Whether numbers out of a range are drawn so that each order of magnitude is equally probable.
  public var isLogarithmic: Bool { self != .regularizationExponent }
}

extension ALSParameters {
  /// The value of a parameter; `nil` for α of explicit feedback.
  public subscript(_ parameter: SearchedParameter) -> Double? {
    switch parameter {
    case .rank: Double(rank)
    case .regularization: regularization
    case .regularizationExponent: regularizationExponent
    case .alpha: if case .implicit(let alpha) = feedback { alpha } else { nil }
    case .iterations: Double(iterations)
    case .initialNorm: initialNorm
    }
  }

  /// The same parameters with other values of some.
  ///
  /// - Parameter values: α is passed over where feedback is explicit.
  /// - Throws: ``ALSError/invalidParameter(name:value:requirement:)``.
  public func setting(_ values: [SearchedParameter: Double]) throws(ALSError) -> ALSParameters {
    func whole(_ parameter: SearchedParameter, _ present: Int) throws(ALSError) -> Int {
      guard let value = values[parameter] else { return present }
      guard let whole = Int(exactly: value) else {
        throw .invalidParameter(name: parameter.rawValue, value: "\(value)", requirement: "a whole number")
      }
      return whole
    }
    var feedback = feedback
    if let alpha = values[.alpha], feedback.isImplicit { feedback = .implicit(alpha: alpha) }
    return try ALSParameters(
      rank: whole(.rank, rank), iterations: whole(.iterations, iterations),
      regularization: values[.regularization] ?? regularization,
      regularizationExponent: values[.regularizationExponent] ?? regularizationExponent, feedback: feedback, seed: seed,
      solver: solver, nonnegative: nonnegative, biases: biases, precision: precision, earlyStopping: earlyStopping,
      initialNorm: values[.initialNorm] ?? initialNorm, firstSide: firstSide, initialization: initialization)
  }

  /// The same parameters for a run of exactly so many iterations.
  ///
  /// - Throws: ``ALSError/invalidParameter(name:value:requirement:)`` below one.
  public func ending(after iterations: Int) throws(ALSError) -> ALSParameters {
    try ALSParameters(
      rank: rank, iterations: iterations, regularization: regularization,
      regularizationExponent: regularizationExponent, feedback: feedback, seed: seed, solver: solver,
      nonnegative: nonnegative, biases: biases, precision: precision, initialNorm: initialNorm, firstSide: firstSide,
      initialization: initialization)
  }
}
