import ALS

extension ALSError {
  /// The same error with the id of its row, where it has one: backends know rows only.
  func naming(users: IDIndex, items: IDIndex) -> ALSError {
    func id(_ side: Side, _ row: Int) -> String? {
      let ids = side == .user ? users : items
      return (0..<ids.count).contains(row) ? ids[row] : nil
    }
    switch self {
    case .singularSystem(let side, let row, nil): return .singularSystem(side: side, row: row, id: id(side, row))
    case .overflow(let side, let row, nil): return .overflow(side: side, row: row, id: id(side, row))
    default: return self
    }
  }
}
