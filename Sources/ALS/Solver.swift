/// How the normal equations A x = b of a row are solved.
public enum Solver: Sendable, Hashable {
  /// Exactly, by the Cholesky factorization of A: n f² + f³/3 operations for n ratings at rank f.
  case cholesky

  /// By `steps` steps of the conjugate gradient method (Hestenes and Stiefel 1952) from the row's present factors, as in
  /// Takács, Pilászy, Tikk 2011: 4 n f operations a step, without A. The half-steps of a run bring the start ever nearer
  /// to the solution, so that three steps reach what the exact solver reaches in as many iterations or a few more.
  case conjugateGradient(steps: Int)

  /// The method ends early where ‖b − A x‖ is at most this fraction of what it was at the start: further steps would be lost in
  /// the rounding of 32 bits.
  public static let residualTolerance: Float = 1e-6

  /// Steps for each row: those of the conjugate gradient method; 0 where the solver is exact.
  public var steps: Int {
    if case .conjugateGradient(let steps) = self { steps } else { 0 }
  }
}
