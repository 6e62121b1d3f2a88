import ALS
import CGPUALS

/// `gpuals_fit` of the header, which says what it does.
@c(gpuals_fit)
public func fit(
  _ device: OpaquePointer?, _ parameters: UnsafePointer<gpuals_parameters>?, _ ratings: UnsafePointer<gpuals_csr>?,
  _ userFactors: UnsafeMutablePointer<Float>?, _ itemFactors: UnsafeMutablePointer<Float>?, _ start: Int32,
  _ progress: gpuals_progress?, _ context: UnsafeMutableRawPointer?, _ message: UnsafeMutablePointer<CChar>?,
  _ messageSize: Int
) -> Int32 {
  outcome(message, messageSize) {
    let device = try LibraryDevice.of(device)
    let given = try gpuals_parameters(parameters)
    let parameters = try ALSParameters(parameters)
    let matrix = try CSRMatrix(ratings)
    guard matrix.entryCount > 0 else { throw ALSError.noRatings }
    guard let userFactors, let itemFactors else { throw LibraryFailure.nullPointer("user_factors or item_factors") }
    let rank = parameters.rank
    var state: TrainingState?
    if start != 0 {
      let factors = Factors(
        user: FactorMatrix(rank: rank, copying: userFactors, rows: matrix.rowCount),
        item: FactorMatrix(rank: rank, copying: itemFactors, rows: matrix.columnCount))
      try factors.user.checkFinite("user_factors")
      try factors.item.checkFinite("item_factors")
      state = TrainingState(history: [], factors: factors)
    }
    let first = state
    let measures = progress != nil && given.unmeasured == 0
    // The caller's context is used on this thread alone, while the call lasts.
    nonisolated(unsafe) let target = context
    let result = try device.compute { backend in
      try Trainer(backend: backend, parameters: parameters, measuresTraining: measures)
        .train(TrainingData(ratings: matrix), from: first) { event, _ in
          guard case .iteration(let record) = event, let progress else { return .proceed }
          let measure = record.trainRMSE ?? record.loss ?? .nan
          return progress(target, Int32(record.iteration), measure, record.seconds) == 0 ? .proceed : .stop
        }
    }
    result.state.factors.user.copy(to: userFactors)
    result.state.factors.item.copy(to: itemFactors)
    return result.isComplete ? GPUALS_OK : GPUALS_STOPPED
  }
}

/// `gpuals_solve_rows` of the header.
@c(gpuals_solve_rows)
public func solveRows(
  _ device: OpaquePointer?, _ parameters: UnsafePointer<gpuals_parameters>?, _ ratings: UnsafePointer<gpuals_csr>?,
  _ fixed: UnsafePointer<Float>?, _ gramian: UnsafePointer<Float>?, _ solved: UnsafeMutablePointer<Float>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> Int32 {
  outcome(message, messageSize) {
    let device = try LibraryDevice.of(device)
    let parameters = try ALSParameters(parameters)
    let matrix = try CSRMatrix(ratings)
    guard fixed != nil || matrix.columnCount == 0, solved != nil || matrix.rowCount == 0 else {
      throw LibraryFailure.nullPointer(fixed == nil ? "fixed" : "solved")
    }
    let rank = parameters.rank
    // Rows without ratings are zero, and no device is asked about a matrix without any.
    guard let fixed, let solved, matrix.entryCount > 0 else {
      if let solved { FactorMatrix(zeros: matrix.rowCount, rank: rank).copy(to: solved) }
      return GPUALS_OK
    }
    let initial = Factors(
      user: parameters.solver == .cholesky
        ? FactorMatrix(zeros: matrix.rowCount, rank: rank)
        : FactorMatrix(rank: rank, copying: solved, rows: matrix.rowCount),
      item: FactorMatrix(rank: rank, copying: fixed, rows: matrix.columnCount))
    try initial.user.checkFinite("solved")
    try initial.item.checkFinite("fixed")
    let sum = parameters.feedback.isImplicit ? gramian.map { FactorMatrix(rank: rank, copying: $0, rows: rank) } : nil
    try sum?.checkFinite("gramian")
    let data = try TrainingData(byUserAlone: matrix)
    // Rounding may hide from a solver what the number of ratings tells.
    if let row = data.firstUnderdeterminedRow(of: .user, parameters: parameters) {
      throw ALSError.singularSystem(side: .user, row: row, id: nil)
    }
    let result = try device.compute { backend in
      let session = try backend.makeSession(data: data, parameters: parameters, initial: initial)
      try session.update(.user, gramian: sum)
      return try session.factors(of: .user)
    }
    result.copy(to: solved)
    return GPUALS_OK
  }
}

extension FactorMatrix {
  init(rank: Int, copying start: UnsafePointer<Float>, rows: Int) {
    self.init(rank: rank, values: Array(UnsafeBufferPointer(start: start, count: rows * rank)))
  }

  /// Refuses infinities and NaNs.
  func checkFinite(_ name: String) throws(LibraryFailure) {
    if let row = firstNonFiniteRow { throw .notFinite(name, row: row) }
  }

  func copy(to target: UnsafeMutablePointer<Float>) {
    values.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { target.update(from: start, count: values.count) }
    }
  }
}
