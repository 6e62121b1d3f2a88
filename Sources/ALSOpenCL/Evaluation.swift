import ALS
import ALSKernels
import OpenCL

/// Errors and penalties on a device, row by row; rows are added up on the host in 64-bit arithmetic.
struct Evaluation {
  private let squaredErrorsKernel:
    Kernel<Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>>
  private let implicitErrorsKernel:
    Kernel<
      Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Buffer<Float>, Float, Buffer<Float>
    >
  private let penaltiesKernel: Kernel<Buffer<Float>, Buffer<Float>, UInt32, Buffer<Float>>
  private let rowResults: Buffer<Float>
  private let groupSize: Int

  /// - Parameter rows: the most rows that will be asked about.
  init(_ programs: ProgramCache, queue: CommandQueue, rank: Int, isImplicit: Bool, tuning: Tuning, rows: Int)
    throws(OpenCLError)
  {
    let program = try programs.program(
      Specialization(source: .evaluate, rank: rank, isImplicit: isImplicit, precision: .float32, tuning: tuning))
    squaredErrorsKernel = try Kernel(program, "squared_errors")
    implicitErrorsKernel = try Kernel(program, "implicit_errors")
    penaltiesKernel = try Kernel(program, "row_penalties")
    rowResults = try Buffer(queue.context, count: rows, what: "the errors of the rows")
    groupSize = tuning.evaluationGroupSize
  }

  /// Σ (target − xᵀy)² over the entries of a matrix, users × items.
  func squaredError(of matrix: DeviceMatrix, user: DeviceFactors, item: DeviceFactors, on queue: CommandQueue)
    throws(OpenCLError) -> Double
  {
    try squaredErrorsKernel.enqueue(
      on: queue, groups: matrix.rowCount, groupSize: groupSize, matrix.rowOffsets, matrix.columns, matrix.ratings,
      user.buffer, item.buffer, rowResults)
    return try sumOfResults(matrix.rowCount, on: queue)
  }

  /// Σ c (p − xᵀy)² over all pairs.
  ///
  /// - Parameter gramian: YᵀY of the item factors.
  func implicitError(
    of matrix: DeviceMatrix, user: DeviceFactors, item: DeviceFactors, gramian: Buffer<Float>, alpha: Float,
    on queue: CommandQueue
  ) throws(OpenCLError) -> Double {
    try implicitErrorsKernel.enqueue(
      on: queue, groups: matrix.rowCount, groupSize: groupSize, matrix.rowOffsets, matrix.columns, matrix.ratings,
      user.buffer, item.buffer, gramian, alpha, rowResults)
    return try sumOfResults(matrix.rowCount, on: queue)
  }

  /// Σ λ n^ν ‖x‖² over the rows of a side.
  func penalty(of factors: DeviceFactors, regularization: Buffer<Float>, on queue: CommandQueue) throws(OpenCLError)
    -> Double
  {
    let size = min(64, queue.context.device.maxWorkGroupSize)
    try penaltiesKernel.enqueue(
      on: queue, groups: (factors.rowCount + size - 1) / size, groupSize: size, factors.buffer, regularization,
      UInt32(factors.rowCount), rowResults)
    return try sumOfResults(factors.rowCount, on: queue)
  }

  private func sumOfResults(_ count: Int, on queue: CommandQueue) throws(OpenCLError) -> Double {
    var results = [Float](repeating: 0, count: count)
    try results.withUnsafeMutableBufferPointer { (pointer) throws(OpenCLError) in
      try queue.read(rowResults, into: pointer)
    }
    return results.reduce(0.0) { $0 + Double($1) }
  }

  /// Checks the kernels' arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) {
    try squaredErrorsKernel.checkSignature()
    try implicitErrorsKernel.checkSignature()
    try penaltiesKernel.checkSignature()
  }
}
