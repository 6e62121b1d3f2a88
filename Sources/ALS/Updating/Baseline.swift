/// What training made of a model, where updates have made something else of it.
///
/// With it an updated model depends on the trained one and on the present ratings alone: not on how the changes came, in which
/// batches, in which order, how often.
public struct Baseline: Sendable, Equatable {
  /// Users that were there at training. Later ones stand behind them, in the order of their ids.
  public var userCount: Int
  /// Items that were there at training. Later ones stand behind them, in the order of their ids.
  public var itemCount: Int
  /// Users of these that were solved anew, and their factors before that.
  public var users: Rows
  /// Items of these that were solved anew, and their factors before that.
  public var items: Rows
  /// The ratings before, of all pairs of these users and items that have another rating now, users × items; NaN for pairs that had
  /// none.
  public var ratings: CSRMatrix

  /// Some rows of one side as they were.
  public struct Rows: Sendable, Equatable {
    /// Which ones, ascending.
    public var rows: [Int32]
    /// Their factors, in that order.
    public var factors: FactorMatrix
    /// Their biases, where they were trained.
    public var biases: [Float]?

    /// Gives all.
    public init(rows: [Int32], factors: FactorMatrix, biases: [Float]?) {
      self.rows = rows
      self.factors = factors
      self.biases = biases
    }
  }

  /// Gives all parts.
  public init(userCount: Int, itemCount: Int, users: Rows, items: Rows, ratings: CSRMatrix) {
    self.userCount = userCount
    self.itemCount = itemCount
    self.users = users
    self.items = items
    self.ratings = ratings
  }

  /// That of a model as it is.
  init(of factors: Factors) {
    let none = Rows(
      rows: [], factors: FactorMatrix(zeros: 0, rank: factors.user.rank), biases: factors.biases.map { _ in [] })
    self.init(
      userCount: factors.user.rowCount, itemCount: factors.item.rowCount, users: none, items: none,
      ratings: CSRMatrix(rowCount: factors.user.rowCount, columnCount: factors.item.rowCount, entries: []))
  }

  /// Rows of one side at training.
  func rowCount(of side: Side) -> Int { side == .user ? userCount : itemCount }

  /// The saved rows of one side.
  subscript(side: Side) -> Rows {
    get { side == .user ? users : items }
    set { if side == .user { users = newValue } else { items = newValue } }
  }

  /// Takes note of changes.
  ///
  /// - Parameters:
  ///   - changes: what changed.
  ///   - before: the ratings until now, rows and columns as in `after`.
  ///   - after: the ratings from now on.
  mutating func record(_ changes: RatingChanges, before: CSRMatrix, after: CSRMatrix) {
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for row in 0..<userCount {
      let known = ratings.entries(ofRow: row)
      var changed = (changes.upserts.columns(ofRow: row) + changes.deletions.columns(ofRow: row)).filter {
        $0 < Int32(itemCount)
      }
      if changed.isEmpty {
        columns += ratings.columnIndices[known]
        values += ratings.values[known]
      } else {
        changed.append(contentsOf: ratings.columnIndices[known])
        for column in Set(changed).sorted() {
          var trained = ratings.values(ofRow: row, column: column)
          if trained.isEmpty { trained = before.values(ofRow: row, column: column).orNone }
          // A rating that is again what it was has not changed.
          if trained.hasSameBits(as: after.values(ofRow: row, column: column).orNone) { continue }
          columns += [Int32](repeating: column, count: trained.count)
          values += trained
        }
      }
      offsets.append(columns.count)
    }
    ratings = CSRMatrix(columnCount: itemCount, rowOffsets: offsets, columnIndices: columns, values: values)
  }

  /// Pairs whose rating is another than in training, among `present` ratings.
  func changeCount(in present: CSRMatrix) -> Int {
    var count = 0
    for row in 0..<present.rowCount {
      guard row < userCount else {
        count += present.entries(ofRow: row).count
        continue
      }
      let known = ratings.columns(ofRow: row)
      count += known.indices.count { $0 == known.startIndex || known[$0] != known[$0 - 1] }
      count += present.columns(ofRow: row).reversed().prefix { $0 >= Int32(itemCount) }.count
    }
    return count
  }
}

extension CSRMatrix {
  /// The columns of a row's entries.
  fileprivate func columns(ofRow row: Int) -> ArraySlice<Int32> { columnIndices[entries(ofRow: row)] }

  /// The values of a pair: none, one, or several where duplicates are kept. Columns ascend within a row.
  fileprivate func values(ofRow row: Int, column: Int32) -> [Float] {
    guard row < rowCount else { return [] }
    let range = entries(ofRow: row)
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if columnIndices[middle] < column { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < range.upperBound, columnIndices[end] == column { end += 1 }
    return Array(values[low..<end])
  }
}

extension [Float] {
  /// A NaN stands for no value.
  fileprivate var orNone: [Float] { isEmpty ? [.nan] : self }

  fileprivate func hasSameBits(as other: [Float]) -> Bool {
    elementsEqual(other) { $0.bitPattern == $1.bitPattern }
  }
}
