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
      state = TrainingState(
        history: [],
        factors: Factors(
          user: FactorMatrix(rank: rank, copying: userFactors, rows: matrix.rowCount),
          item: FactorMatrix(rank: rank, copying: itemFactors, rows: matrix.columnCount)))
    }
    let first = state
    let measures = progress != nil && given.unmeasured == 0
    // The caller's function and context are used on this thread alone, while the call lasts.
    nonisolated(unsafe) let report = progress
    nonisolated(unsafe) let target = context
    let result = try device.compute { backend in
      try Trainer(backend: backend, parameters: parameters, measuresTraining: measures)
        .train(TrainingData(ratings: matrix), from: first) { event, _ in
          guard case .iteration(let record) = event, let report else { return .proceed }
          let measure = record.trainRMSE ?? record.loss ?? .nan
          return report(target, Int32(record.iteration), measure, record.seconds) == 0 ? .proceed : .stop
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
    guard let fixed, let solved else { throw LibraryFailure.nullPointer("fixed or solved") }
    let rank = parameters.rank
    // Rows without ratings are zero, and no device is asked about a matrix without any.
    let initial = Factors(
      user: FactorMatrix(rank: rank, copying: solved, rows: matrix.rowCount),
      item: FactorMatrix(rank: rank, copying: fixed, rows: matrix.columnCount))
    guard matrix.entryCount > 0 else {
      FactorMatrix(zeros: matrix.rowCount, rank: rank).copy(to: solved)
      return GPUALS_OK
    }
    let sum = gramian.map { FactorMatrix(rank: rank, copying: $0, rows: rank) }
    let result = try device.compute { backend in
      let session = try backend.makeSession(
        data: TrainingData(byUserAlone: matrix), parameters: parameters, initial: initial)
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

  func copy(to target: UnsafeMutablePointer<Float>) {
    values.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { target.update(from: start, count: values.count) }
    }
  }
}
