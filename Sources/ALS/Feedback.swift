/// What a rating means, and therefore which least-squares problem is solved.
public enum Feedback: Sendable, Hashable {
  /// A rating is a value to reproduce: minimise Σ (r − xᵀy)² over the ratings (Zhou et al. 2008).
  case explicit

  /// A rating is evidence of a preference: minimise Σ c (p − xᵀy)² over all pairs, with confidence c = 1 + α|r| and
  /// preference p = 1 where r > 0, else 0 (Hu, Koren, Volinsky 2008).
  case implicit(alpha: Double)

  /// True where preferences are modelled.
  public var isImplicit: Bool {
    if case .implicit = self { true } else { false }
  }

  /// The weight of a rating in the Gramian: A += weight · y yᵀ.
  @inlinable
  public func gramianWeight(of rating: Double) -> Double {
    switch self {
    case .explicit: 1
    case .implicit(let alpha): alpha * rating.magnitude
    }
  }

  /// The weight of a rating on the right side: b += weight · y.
  @inlinable
  public func rightSideWeight(of rating: Double) -> Double {
    switch self {
    case .explicit: rating
    case .implicit(let alpha): rating > 0 ? 1 + alpha * rating : 0
    }
  }

  /// The value that the model's dot product is to come near: the rating itself, or the preference 0 or 1.
  @inlinable
  public func target(of rating: Float) -> Float {
    switch self {
    case .explicit: rating
    case .implicit: rating > 0 ? 1 : 0
    }
  }

  /// Whether a rating counts in `n`, the number of ratings that scales the regularization of its row.
  @inlinable
  public func counts(_ rating: Float) -> Bool {
    switch self {
    case .explicit: true
    case .implicit: rating > 0
    }
  }
}
