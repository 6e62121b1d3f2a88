/// The two parts of the objective that alternating least squares descends.
public struct Loss: Sendable, Equatable {
  /// Explicit: Σ (r − xᵀy)² over the ratings. Implicit: Σ c (p − xᵀy)² over all pairs.
  public var error: Double
  /// λ (Σ n_u^ν ‖x_u‖² + Σ n_i^ν ‖y_i‖²).
  public var regularization: Double

  /// Their sum: what every half-step lowers.
  public var objective: Double { error + regularization }

  /// Gives both parts.
  public init(error: Double, regularization: Double) {
    self.error = error
    self.regularization = regularization
  }
}
