/// One of the two factor matrices of the model, and the rows that it stands for.
public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
  /// Rows are users: the matrix X of the papers.
  case user
  /// Rows are items: the matrix Y of the papers.
  case item

  /// The side that is held fixed while this one is solved.
  public var other: Side { self == .user ? .item : .user }
}
