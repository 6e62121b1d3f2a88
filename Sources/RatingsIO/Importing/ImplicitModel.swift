import ALS

/// A model that `implicit.cpu.als.AlternatingLeastSquares.save` of implicit 0.7 wrote. It has no ids: row k is the k-th user or item
/// of the matrix that it was trained on.
///
/// implicit weighs a rating r by α·r, and `Feedback.implicit(alpha:)` by 1 + α·r: the factors are the same, what is solved
/// from ratings later is not quite.
public struct ImplicitModel: Sendable {
  /// The factors, rounded to 32 bits where they have 64.
  public let factors: Factors
  /// The settings. What the file does not say has implicit's default.
  public let parameters: ALSParameters

  /// What implicit takes where nothing is said.
  private enum Default {
    static let regularization = 0.01
    static let alpha = 1.0
    static let iterations = 15
    static let conjugateGradientSteps = 3
  }

  /// Reads a file.
  ///
  /// - Throws: ``RatingsIOError``: ``RatingsIOError/badMatrix(file:reason:)`` where it is no such model or a damaged one.
  public init(_ path: String) throws(RatingsIOError) {
    try Location(path).checkReadable(asOneFile: true)
    do {
      let archive = try ZIPArchive(ReadableFile(path))
      func damaged(_ reason: String) -> ModelFileError { .damaged(file: path, reason: reason) }
      guard !archive.holds("learning_rate.npy") else {
        throw damaged("it is a model of implicit, but not of its AlternatingLeastSquares")
      }
      let users = try Self.factors("user_factors", in: archive)
      let items = try Self.factors("item_factors", in: archive)
      guard users.rank == items.rank else {
        throw damaged("its user_factors have rank \(users.rank), but its item_factors \(items.rank)")
      }
      func setting(_ name: String) throws -> Double? { try Self.setting(name, in: archive) }
      func whole(_ name: String) throws -> Int? {
        try setting(name).map { value in
          guard let whole = Int(exactly: value) else { throw damaged("its \(name) is \(value), not a whole number") }
          return whole
        }
      }
      let usesCG = try setting("use_cg") ?? 1 != 0
      let steps = try whole("cg_steps") ?? Default.conjugateGradientSteps
      let seed = try whole("random_state").map { UInt64(bitPattern: Int64($0)) }
      do {
        parameters = try ALSParameters(
          rank: users.rank, iterations: max(1, whole("iterations") ?? Default.iterations),
          regularization: setting("regularization") ?? Default.regularization, regularizationExponent: 0,
          feedback: .implicit(alpha: setting("alpha") ?? Default.alpha), seed: seed ?? ALSParameters.Default.seed,
          solver: usesCG ? .conjugateGradient(steps: steps) : .cholesky, firstSide: .user)
      } catch let error as ALSError {
        throw damaged("its settings are not those of a model: \(error)")
      }
      factors = Factors(user: users, item: items)
    } catch {
      throw RatingsIOError(reading: path, error)
    }
  }

  /// The `user_items` that a model was trained on, as `scipy.sparse.save_npz` writes them, by rows.
  ///
  /// - Throws: ``RatingsIOError`` where it is anything else, or of another size than the model.
  public func ratings(_ path: String) throws(RatingsIOError) -> CSRMatrix {
    try Location(path).checkReadable(asOneFile: true)
    do {
      let matrix = try CSRMatrix(npz: ReadableFile(path))
      func damaged(_ reason: String) -> ModelFileError { .damaged(file: path, reason: reason) }
      let (users, items) = (factors.user.rowCount, factors.item.rowCount)
      guard matrix.rowCount == users, matrix.columnCount == items else {
        throw damaged(
          "it is a matrix of \(matrix.rowCount) × \(matrix.columnCount), but the model has \(users) users and \(items) items"
        )
      }
      guard matrix.values.areFinite else { throw damaged("it holds an infinity or a NaN") }
      return matrix
    } catch {
      throw RatingsIOError(reading: path, error)
    }
  }

  private static func factors(_ name: String, in archive: ZIPArchive) throws -> FactorMatrix {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: archive.file.path, reason: reason) }
    guard archive.holds("\(name).npy"), try !isObject(name, in: archive) else {
      throw damaged("it has no \(name): it is not a trained model of implicit")
    }
    let array = try NPYArrayReader(archive, name: name)
    let shape = array.header.shape
    guard shape.count == 2, (1...ALSParameters.maximumRank).contains(shape[1]), shape[0] <= Int(Int32.max) else {
      throw array.damaged("its shape is (\(shape.map(String.init).joined(separator: ", "))), not rows × rank")
    }
    var values = try array.floats()
    if array.header.isFortranOrder { values = values.transposed(rows: shape[1], columns: shape[0]) }
    let matrix = FactorMatrix(rank: shape[1], values: values)
    if !values.areFinite, let row = matrix.firstNonFiniteRow {
      throw array.damaged("row \(row) holds an infinity or a NaN")
    }
    return matrix
  }

  /// A number; `nil` where there is none, or Python's `None`.
  private static func setting(_ name: String, in archive: ZIPArchive) throws -> Double? {
    guard archive.holds("\(name).npy"), try !isObject(name, in: archive) else { return nil }
    let array = try NPYArrayReader(archive, name: name)
    guard array.count == 1, let type = NPYElementType(rawValue: array.header.elementType) else {
      throw array.damaged("it is not a number")
    }
    let value = try array.next(1).withUnsafeBytes { type.doubles($0, stride: type.size, count: 1) }[0]
    try array.finish()
    return value
  }

  /// Whether an array is one of Python's objects, such as `None`.
  private static func isObject(_ name: String, in archive: ZIPArchive) throws -> Bool {
    let stream = try archive.stream(of: "\(name).npy")
    return try NPYHeader(file: stream.name) { try stream.read(into: $0) }.elementType == "|O"
  }
}

extension [Float] {
  /// The elements of a matrix that is stored by rows, by columns.
  fileprivate func transposed(rows: Int, columns: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    for column in 0..<columns {
      for row in 0..<rows { result.append(self[row * columns + column]) }
    }
    return result
  }
}
