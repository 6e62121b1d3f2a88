/// A model whose ratings change, and which is solved again where they did, without training.
///
/// Changes come in any number of steps (``apply(upserts:deletions:users:items:)``). Then every user and item that has another rating
/// than in training is solved anew (``solve(on:keepingItems:)``), from the factors that training gave the others. So what comes out
/// depends on the trained model and the present ratings alone, bit for bit: changes may come one by one or all at once, twice, or go
/// and come back. Only `keepingItems` goes on from what an earlier update made of the items.
public struct ModelUpdate: Sendable {
  /// The model: ratings and ids as they are now, factors as they were solved last.
  public private(set) var model: Model
  private var baseline: Baseline
  private var ratings: CSRMatrix
  private let keepsRatings: Bool

  /// What changes came to.
  public struct Effect: Sendable, Equatable {
    /// Ratings of pairs that had none.
    public var added = 0
    /// Ratings with another value than before.
    public var changed = 0
    /// Ratings that went.
    public var deleted = 0
    /// Upserts of the value that was there, and deletions of pairs that had none.
    public var withoutEffect = 0

    /// None yet.
    public init() {}

    /// Whether there was any.
    public var isEmpty: Bool { added + changed + deleted == 0 }

    /// Adds that of later changes.
    public static func += (effect: inout Effect, later: Effect) {
      effect.added += later.added
      effect.changed += later.changed
      effect.deleted += later.deleted
      effect.withoutEffect += later.withoutEffect
    }
  }

  /// Begins with a model as it is.
  ///
  /// - Parameters:
  ///   - model: with its ``Model/baseline``, if it was updated before.
  ///   - ratings: its ratings, where it does not hold them itself.
  public init(_ model: Model, ratings: CSRMatrix) {
    self.model = model
    self.ratings = ratings
    keepsRatings = model.ratings != nil
    baseline = model.baseline ?? Baseline(of: model.factors)
  }

  /// Ratings that are others than in training.
  public var changeCount: Int { baseline.changeCount(in: ratings) }

  /// How far the model as it was solved last is off on new values, of users and items that it knows.
  ///
  /// - Parameters:
  ///   - upserts: new values.
  ///   - users: ids of their rows.
  ///   - items: ids of their columns.
  public func errors(on upserts: CSRMatrix, users: IDIndex, items: IDIndex) -> RatingMetrics {
    if upserts.entryCount == 0 { return RatingMetrics() }
    func rows(_ ids: IDIndex, _ side: Side) -> [Int32] {
      let known = side == .user ? model.users : model.items
      return (0..<ids.count).map { place in
        // What came since has no factors yet.
        guard let row = known.row(of: ids[place]), model.factors[side][row].contains(where: { $0 != 0 }) else {
          return -1
        }
        return Int32(row)
      }
    }
    let placed = upserts.arranged(
      rows: rows(users, .user), columns: rows(items, .item), rowCount: model.users.count, columnCount: model.items.count
    )
    return RatingMetrics(of: model.factors.withBiasesAsFactors, on: placed, feedback: model.parameters.feedback)
  }

  /// Brings changes into the ratings; the factors are those of before until ``solve(on:keepingItems:)``. Users and items that are new
  /// get rows, and those that have come since training and have no rating left lose them.
  ///
  /// - Parameters:
  ///   - upserts: new values, a pair once.
  ///   - deletions: pairs that go; their values do not matter. Where a pair is in both, it goes.
  ///   - users: ids of the rows of both.
  ///   - items: ids of the columns of both.
  /// - Throws: ``ALSError/noRatings`` where none are left; the model is then as it was.
  public mutating func apply(
    upserts: CSRMatrix, deletions: CSRMatrix, users: IDIndex, items: IDIndex
  ) throws(ALSError) -> Effect {
    let raters = (0..<upserts.rowCount).map { !upserts.entries(ofRow: $0).isEmpty }
    let isRated = upserts.ratedColumns
    let userRows = try RowArrangement(of: model.users, trained: baseline.userCount, changes: users) { raters[$0] }
    let itemRows = try RowArrangement(of: model.items, trained: baseline.itemCount, changes: items) { isRated[$0] }
    func placed(_ matrix: CSRMatrix) -> CSRMatrix {
      matrix.arranged(
        rows: userRows.rowsOfChanges, columns: itemRows.rowsOfChanges, rowCount: userRows.ids.count,
        columnCount: itemRows.ids.count)
    }
    let changes = RatingChanges(upserts: placed(upserts), deletions: placed(deletions))
    let before = userRows.moves || itemRows.moves ? ratings.arranged(userRows, itemRows) : ratings
    let outcome = changes.applied(to: before)
    var effect = Effect()
    effect.added = outcome.added
    effect.changed = outcome.changed
    effect.deleted = outcome.deleted
    effect.withoutEffect = outcome.withoutEffect
    if outcome.isEmpty { return effect }
    guard outcome.ratings.entryCount > 0 else { throw .noRatings }

    var known = baseline
    known.record(changes, before: before, after: outcome.ratings)
    let isLeft = outcome.ratings.ratedColumns
    let usersLeft = try RowArrangement(of: userRows.ids, trained: baseline.userCount) {
      !outcome.ratings.entries(ofRow: $0).isEmpty
    }
    let itemsLeft = try RowArrangement(of: itemRows.ids, trained: baseline.itemCount) { isLeft[$0] }
    baseline = known
    ratings = usersLeft.moves || itemsLeft.moves ? outcome.ratings.arranged(usersLeft, itemsLeft) : outcome.ratings
    place(userRows, itemRows)
    place(usersLeft, itemsLeft)
    model.ratings = keepsRatings ? ratings : nil
    model.ratingCount = ratings.entryCount
    model.ratingsFingerprint = ratings.fingerprint
    return effect
  }

  /// Puts ids, names and factors into new rows; what is new has zeros.
  private mutating func place(_ users: RowArrangement, _ items: RowArrangement) {
    var factors = model.factors
    factors = Factors(
      user: factors.user.arranged(users), item: factors.item.arranged(items),
      biases: factors.biases.map {
        Biases(mean: $0.mean, user: $0.user.arranged(users, none: 0), item: $0.item.arranged(items, none: 0))
      })
    model.state.factors = factors
    model.itemNames = model.itemNames.map { $0.arranged(items, none: nil) }
    model.users = users.ids
    model.items = items.ids
  }

  /// Solves all rows whose ratings are others than in training; the others get the factors that training gave them.
  ///
  /// - Parameters:
  ///   - backend: where. The reference is fast enough for a few rows.
  ///   - keepingItems: solves users alone, from the items as they are. New items then have no factors.
  /// - Returns: how many were solved.
  /// - Throws: what the backend throws; ``ALSError/singularSystem(side:row:id:)`` with rows of the model, which is then as it was.
  @discardableResult
  public mutating func solve(
    on backend: any Backend, keepingItems: Bool = false
  ) throws -> (users: Int, items: Int) {
    var change = RatingChanges.Outcome(ratings: ratings)
    (change.users, change.items) = touchedRows
    var factors = model.factors
    var known = baseline
    known.restore(.user, in: &factors, saving: change.users)
    if !keepingItems { known.restore(.item, in: &factors, saving: change.items) }
    let trained = factors.prefix(users: known.userCount, items: keepingItems ? factors.item.rowCount : known.itemCount)
    model.state.factors = try FoldIn(backend: backend, parameters: model.parameters)
      .factors(after: change, from: trained, keepingItems: keepingItems)
    baseline = known
    model.baseline = known
    return (change.users.count, keepingItems ? 0 : change.items.count)
  }

  /// Rows and columns with a rating that is another than in training.
  private var touchedRows: (users: [Int], items: [Int]) {
    var isTouched = [Bool](repeating: false, count: ratings.columnCount)
    for column in baseline.ratings.columnIndices { isTouched[Int(column)] = true }
    for column in baseline.itemCount..<max(baseline.itemCount, ratings.columnCount) { isTouched[column] = true }
    var users: [Int] = []
    for row in 0..<ratings.rowCount {
      let entries = ratings.entries(ofRow: row)
      if row >= baseline.userCount {
        users.append(row)
        for entry in entries { isTouched[Int(ratings.columnIndices[entry])] = true }
      } else if !baseline.ratings.entries(ofRow: row).isEmpty
        || entries.last.map({ Int(ratings.columnIndices[$0]) >= baseline.itemCount }) ?? false
      {
        users.append(row)
      }
    }
    return (users, isTouched.indices.filter { isTouched[$0] })
  }
}

extension Baseline {
  /// Gives rows that were solved anew the factors that they had at training, and saves those of the rows that will be.
  fileprivate mutating func restore(_ side: Side, in factors: inout Factors, saving rows: [Int]) {
    let rank = factors.user.rank
    var values = factors[side].values
    var biases = factors.biases?[side]
    for (place, row) in self[side].rows.enumerated() {
      for k in 0..<rank { values[Int(row) * rank + k] = self[side].factors.values[place * rank + k] }
      if let saved = self[side].biases { biases?[Int(row)] = saved[place] }
    }
    let matrix = FactorMatrix(rank: rank, values: values)
    let saved = rows.filter { $0 < rowCount(of: side) }
    self[side] = Rows(
      rows: saved.map(Int32.init), factors: FactorMatrix(rank: rank, values: saved.flatMap { matrix[$0] }),
      biases: biases.map { biases in saved.map { biases[$0] } })
    let known = factors.biases
    let mended = known.map { known in
      Biases(
        mean: known.mean, user: side == .user ? biases ?? known.user : known.user,
        item: side == .item ? biases ?? known.item : known.item)
    }
    factors = Factors(
      user: side == .user ? matrix : factors.user, item: side == .item ? matrix : factors.item, biases: mended)
  }
}

extension Factors {
  /// The first rows alone.
  fileprivate func prefix(users: Int, items: Int) -> Factors {
    Factors(
      user: FactorMatrix(rank: user.rank, values: Array(user.values.prefix(users * user.rank))),
      item: FactorMatrix(rank: item.rank, values: Array(item.values.prefix(items * item.rank))),
      biases: biases.map {
        Biases(mean: $0.mean, user: Array($0.user.prefix(users)), item: Array($0.item.prefix(items)))
      })
  }
}

extension FactorMatrix {
  fileprivate func arranged(_ arrangement: RowArrangement) -> FactorMatrix {
    if !arrangement.moves, arrangement.ids.count == rowCount { return self }
    var moved = [Float](repeating: 0, count: arrangement.ids.count * rank)
    for (row, target) in arrangement.rowsOfPresent.enumerated() where target >= 0 {
      for k in 0..<rank { moved[Int(target) * rank + k] = values[row * rank + k] }
    }
    return FactorMatrix(rank: rank, values: moved)
  }
}

extension Array {
  fileprivate func arranged(_ arrangement: RowArrangement, none: Element) -> [Element] {
    if !arrangement.moves, arrangement.ids.count == count { return self }
    var moved = [Element](repeating: none, count: arrangement.ids.count)
    for (row, target) in arrangement.rowsOfPresent.enumerated() where target >= 0 { moved[Int(target)] = self[row] }
    return moved
  }
}

extension CSRMatrix {
  fileprivate func arranged(_ users: RowArrangement, _ items: RowArrangement) -> CSRMatrix {
    arranged(
      rows: users.rowsOfPresent, columns: items.rowsOfPresent, rowCount: users.ids.count, columnCount: items.ids.count)
  }
}
