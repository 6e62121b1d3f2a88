import ALS

extension Baseline {
  /// Writes the rows as arrays `user_rows`, `user_factors`, `user_biases` and those of items, and the ratings such that
  /// `scipy.sparse.load_npz` finds them.
  func writeNPZ(to file: WritableFile) throws {
    var archive = ZIPArchiveWriter(file)
    try ratings.add(to: &archive)
    for (side, rows) in [(Side.user, users), (.item, items)] {
      try rows.rows.withUnsafeBytes {
        try archive.add(
          name: "\(side.rawValue)_rows.npy", head: NPYHeader(elementType: "<i4", shape: [rows.rows.count]).bytes,
          body: $0)
      }
      try rows.factors.values.withUnsafeBytes {
        try archive.add(
          name: "\(side.rawValue)_factors.npy",
          head: NPYHeader(elementType: "<f4", shape: [rows.rows.count, rows.factors.rank]).bytes, body: $0)
      }
      try rows.biases?.withUnsafeBytes {
        try archive.add(
          name: "\(side.rawValue)_biases.npy", head: NPYHeader(elementType: "<f4", shape: [rows.rows.count]).bytes,
          body: $0)
      }
    }
    try archive.finish()
  }

  /// Reads what ``writeNPZ(to:)`` wrote, for a model of so many users and items.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)``.
  init(npz file: ReadableFile, users: Int, items: Int, parameters: ALSParameters) throws {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    let ratings = try CSRMatrix(npz: file)
    guard ratings.rowCount <= users, ratings.columnCount <= items else {
      throw damaged(
        "it is of \(ratings.rowCount) users and \(ratings.columnCount) items, but model.json says \(users) and \(items)"
      )
    }
    let archive = try ZIPArchive(file)
    func rows(_ side: Side, below count: Int) throws -> Rows {
      let rows = try NPYArrayReader(archive, name: "\(side.rawValue)_rows").integers(as: Int32.self)
      guard zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }), (rows.first ?? 0) >= 0, (rows.last ?? -1) < count
      else { throw damaged("its \(side.rawValue)_rows do not ascend, or are out of range") }
      let values = try NPYArrayReader(archive, name: "\(side.rawValue)_factors").floats()
      let biases =
        try parameters.biases ? NPYArrayReader(archive, name: "\(side.rawValue)_biases").floats() : nil
      guard values.count == rows.count * parameters.rank, (biases?.count ?? rows.count) == rows.count else {
        throw damaged("the lengths of its arrays disagree")
      }
      guard values.areFinite, biases?.areFinite ?? true else { throw damaged("it holds an infinity or a NaN") }
      return Rows(rows: rows, factors: FactorMatrix(rank: parameters.rank, values: values), biases: biases)
    }
    self.init(
      userCount: ratings.rowCount, itemCount: ratings.columnCount, users: try rows(.user, below: ratings.rowCount),
      items: try rows(.item, below: ratings.columnCount), ratings: ratings)
  }
}
