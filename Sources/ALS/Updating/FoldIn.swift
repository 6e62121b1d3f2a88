/// Brings changed ratings into a model without training it again: rows that are new, or whose ratings have changed, are solved
/// anew, each exactly as a half-step over all rows would solve it.
///
/// First the new users, from the items that are known; then the changed and new items, from all users; then the changed and new
/// users, from all items. What has not changed keeps its factors.
public struct FoldIn: Sendable {
  private let backend: any Backend
  private let parameters: ALSParameters

  /// Chooses where rows are solved.
  ///
  /// - Parameters:
  ///   - backend: where. The reference is fast enough for a few rows.
  ///   - parameters: those that the model was trained with.
  public init(backend: any Backend, parameters: ALSParameters) {
    self.backend = backend
    self.parameters = parameters
  }

  /// The factors after the changes.
  ///
  /// - Parameters:
  ///   - factors: those of the model, which has fewer rows where users or items are new.
  ///   - keepingItems: solves users alone. New items then have no factors.
  ///   - change: the ratings after the changes, and where they changed.
  /// - Throws: what the backend throws; ``ALSError/singularSystem(side:row:id:)`` with rows of the ratings.
  public func factors(
    after change: RatingChanges.Outcome, from factors: Factors, keepingItems: Bool = false
  ) throws -> Factors {
    let ratings = change.ratings
    let knownUsers = factors.user.rowCount
    var result = factors.padded(users: ratings.rowCount, items: ratings.columnCount)
    if !keepingItems, !change.items.isEmpty {
      try solveRows(change.users.filter { $0 >= knownUsers }, ratings, &result)
      try solve(change.items, of: .item, ratings.columns(change.items), &result)
    }
    try solveRows(change.users, ratings, &result)
    return result
  }

  /// Solves some users.
  private func solveRows(_ rows: [Int], _ ratings: CSRMatrix, _ factors: inout Factors) throws {
    try solve(rows, of: .user, ratings.selecting(rows), &factors)
  }

  /// Solves some rows of a side.
  ///
  /// - Parameter ratings: a row for each of them.
  private func solve(_ rows: [Int], of side: Side, _ ratings: CSRMatrix, _ factors: inout Factors) throws {
    var values = factors[side].values
    let rank = parameters.rank
    var biases = factors.biases?[side]
    // Without ratings there is nothing to solve: the solution is zero.
    let ratedPlaces = rows.indices.filter { !ratings.entries(ofRow: $0).isEmpty }
    let rated = ratedPlaces.map { rows[$0] }
    for row in rows {
      for k in 0..<rank { values[row * rank + k] = 0 }
      biases?[row] = 0
    }
    if !rated.isEmpty {
      // The rows stand as users, whichever side they are of: a half-step does not tell.
      let part = rated.count == rows.count ? ratings : ratings.selecting(ratedPlaces)
      let start = FactorMatrix(rank: rank, values: rated.flatMap { factors[side][$0] })
      let initial = Factors(
        user: start, item: factors[side.other],
        biases: factors.biases.map { known in
          Biases(mean: known.mean, user: rated.map { known[side][$0] }, item: known[side.other])
        })
      do {
        let data = try TrainingData(byUserAlone: part)
        // Rounding may hide from a solver what the number of ratings tells.
        if let place = data.firstUnderdeterminedRow(of: .user, parameters: parameters) {
          throw ALSError.singularSystem(side: .user, row: place, id: nil)
        }
        let session = try backend.makeSession(data: data, parameters: parameters, initial: initial)
        try session.update(.user)
        let solved = try session.factors(of: .user)
        let solvedBiases = try session.biases(of: .user)
        for (place, row) in rated.enumerated() {
          for k in 0..<rank { values[row * rank + k] = solved.values[place * rank + k] }
          if let solvedBiases { biases?[row] = solvedBiases[place] }
        }
      } catch let error as ALSError {
        throw error.placing(rated, side)
      }
    }
    let matrix = FactorMatrix(rank: rank, values: values)
    switch side {
    case .user:
      factors.user = matrix
      if let biases { factors.biases?.user = biases }
    case .item:
      factors.item = matrix
      if let biases { factors.biases?.item = biases }
    }
  }
}

extension Factors {
  /// The same with rows of zeros behind, up to so many.
  fileprivate func padded(users: Int, items: Int) -> Factors {
    func padded(_ matrix: FactorMatrix, _ rows: Int) -> FactorMatrix {
      FactorMatrix(
        rank: matrix.rank,
        values: matrix.values + [Float](repeating: 0, count: (rows - matrix.rowCount) * matrix.rank))
    }
    return Factors(
      user: padded(user, users), item: padded(item, items),
      biases: biases.map { known in
        Biases(
          mean: known.mean, user: known.user + [Float](repeating: 0, count: users - user.rowCount),
          item: known.item + [Float](repeating: 0, count: items - item.rowCount))
      })
  }
}

extension CSRMatrix {
  /// Some of the columns, ascending, as rows: those rows of the transposed matrix.
  fileprivate func columns(_ wanted: [Int]) -> CSRMatrix {
    var places = [Int32](repeating: -1, count: columnCount)
    for (place, column) in wanted.enumerated() { places[column] = Int32(place) }
    var offsets = [Int](repeating: 0, count: wanted.count + 1)
    for column in columnIndices where places[Int(column)] >= 0 { offsets[Int(places[Int(column)]) + 1] += 1 }
    for place in wanted.indices { offsets[place + 1] += offsets[place] }
    var next = offsets
    var rows = [Int32](repeating: 0, count: offsets[wanted.count])
    var values = [Float](repeating: 0, count: rows.count)
    for row in 0..<rowCount {
      for entry in entries(ofRow: row) {
        let place = Int(places[Int(columnIndices[entry])])
        if place < 0 { continue }
        rows[next[place]] = Int32(row)
        values[next[place]] = self.values[entry]
        next[place] += 1
      }
    }
    return CSRMatrix(columnCount: rowCount, rowOffsets: offsets, columnIndices: rows, values: values)
  }

  /// Some of the rows, in that order.
  fileprivate func selecting(_ rows: [Int]) -> CSRMatrix {
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for row in rows {
      columns.append(contentsOf: columnIndices[entries(ofRow: row)])
      values.append(contentsOf: self.values[entries(ofRow: row)])
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: offsets, columnIndices: columns, values: values)
  }
}

extension ALSError {
  /// The same error about the row that stands at a place of a list.
  fileprivate func placing(_ rows: [Int], _ side: Side) -> ALSError {
    switch self {
    case .singularSystem(_, let place, _): .singularSystem(side: side, row: rows[place], id: nil)
    case .overflow(_, let place, _): .overflow(side: side, row: rows[place], id: nil)
    default: self
    }
  }
}
