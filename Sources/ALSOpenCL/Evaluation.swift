import ALS
import ALSKernels
import OpenCL

/// Errors and penalties on a device, row by row; rows are added up on the host in 64-bit arithmetic.
struct Evaluation {
  private let squaredErrorsKernel:
    Kernel<Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, FixedFactors, Buffer<Float>>
  private let implicitErrorsKernel:
    Kernel<Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Buffer<Float>, FixedFactors, Float, Buffer<Float>>
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

  /// Enqueues Σ (target − xᵀy)² over the entries of each row, users × items, and its way into `results`.
  func enqueueSquaredErrors(
    of matrix: DeviceMatrix, user: FactorRows, item: FixedFactors, on queue: CommandQueue,
    into results: UnsafeMutableBufferPointer<Float>
  ) throws(OpenCLError) {
    try squaredErrorsKernel.enqueue(
      on: queue, groups: matrix.rowCount, groupSize: groupSize, matrix.rowOffsets, matrix.columns, matrix.ratings,
      user.buffer, item, rowResults)
    try queue.enqueueRead(rowResults, into: results)
  }

  /// Enqueues what each user's ratings change in Σ (xᵀy)² over all pairs to make it Σ c (p − xᵀy)², and its way into
  /// `results`.
  func enqueueImplicitErrors(
    of matrix: DeviceMatrix, user: FactorRows, item: FixedFactors, alpha: Float, on queue: CommandQueue,
    into results: UnsafeMutableBufferPointer<Float>
  ) throws(OpenCLError) {
    try implicitErrorsKernel.enqueue(
      on: queue, groups: matrix.rowCount, groupSize: groupSize, matrix.rowOffsets, matrix.columns, matrix.ratings,
      user.buffer, item, alpha, rowResults)
    try queue.enqueueRead(rowResults, into: results)
  }

  /// Enqueues λ n^ν ‖x‖² of each row, and its way into `results`.
  func enqueuePenalties(
    of factors: FactorRows, regularization: Buffer<Float>, on queue: CommandQueue,
    into results: UnsafeMutableBufferPointer<Float>
  ) throws(OpenCLError) {
    let size = min(64, queue.context.device.maxWorkGroupSize)
    try penaltiesKernel.enqueue(
      on: queue, groups: (factors.rowCount + size - 1) / size, groupSize: size, factors.buffer, regularization,
      UInt32(factors.rowCount), rowResults)
    try queue.enqueueRead(rowResults, into: results)
  }

  /// The sum of the results of `rows` rows, in row order in 64-bit arithmetic. `enqueue` enqueues what fills them on the queue.
  func sum(
    rows: Int, on queue: CommandQueue,
    _ enqueue: (UnsafeMutableBufferPointer<Float>) throws(OpenCLError) -> Void
  ) throws(OpenCLError) -> Double {
    var results = [Float](repeating: 0, count: rows)
    try results.withUnsafeMutableBufferPointer { (pointer) throws(OpenCLError) in
      do throws(OpenCLError) {
        try enqueue(pointer)
      } catch {
        // The host's memory must not go away under a transfer.
        try? queue.finish()
        throw error
      }
      try queue.finish()
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
