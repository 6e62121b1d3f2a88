import ALS

/// The matrices of ratings that a training session reads.
public enum RatingMatrix: String, CaseIterable, Sendable, Codable {
  /// Users × items: solves the users, and measures the training error.
  case byUser
  /// Items × users: solves the items.
  case byItem
  /// Users × items: measures the error on what was not trained on.
  case heldOut

  /// The side whose rows are those of the matrix.
  var side: Side { self == .byItem ? .item : .user }

  /// How often an iteration goes through it: by user, once to solve and once to measure.
  var passesPerIteration: Int { self == .byUser ? 2 : 1 }

  /// Its name in messages and plans.
  public var description: String {
    switch self {
    case .byUser: "the ratings by user"
    case .byItem: "the ratings by item"
    case .heldOut: "the held-out ratings"
    }
  }
}

extension TrainingData {
  /// One of the matrices; the held-out ratings may be missing.
  subscript(matrix: RatingMatrix) -> CSRMatrix? {
    switch matrix {
    case .byUser: byUser
    case .byItem: byItem
    case .heldOut: heldOut
    }
  }
}
