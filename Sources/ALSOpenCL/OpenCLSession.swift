import ALS
import ALSKernels
import OpenCL

/// Ratings in both orientations and both factor matrices in the memory of a device, for the life of the session; the loop
/// moves none of them over the bus.
package final class OpenCLSession: TrainingSession {
  private let queue: CommandQueue
  private let parameters: ALSParameters
  private let user: SideState
  private let item: SideState
  private let heldOut: DeviceMatrix?
  private let halves: HalfFactors?
  /// Of the fixed factors as the half-step reads them, and of the factors themselves; in implicit training.
  private let gramian: Gramian?
  private let exactGramian: Gramian?
  private let noGramian: Buffer<Float>
  private let evaluation: Evaluation
  private let status: Buffer<Int32>

  /// What belongs to one side.
  private struct SideState {
    var ratings: DeviceMatrix
    var factors: DeviceFactors
    var regularization: Buffer<Float>
    var halfStep: any HalfStep
  }

  init(
    context: Context, programs: ProgramCache, kernelFamily: KernelFamily, data: TrainingData, parameters: ALSParameters,
    initial: Factors
  ) throws {
    self.parameters = parameters
    let isImplicit = parameters.feedback.isImplicit
    let tuning = try Tuning(family: kernelFamily, device: context.device, parameters: parameters)
    let precision = parameters.precision
    context.resetPeak()
    let queue = try CommandQueue(context)
    self.queue = queue

    func side(_ side: Side) throws -> SideState {
      let matrix = data[side]
      let regularization: Buffer<Float> = try Buffer(
        context, count: matrix.rowCount, what: "the regularization of the \(side.rawValue)s")
      try queue.write(data.regularization(of: side, parameters: parameters), to: regularization)
      return SideState(
        ratings: try DeviceMatrix(matrix, on: queue, what: "the ratings by \(side.rawValue)"),
        factors: try DeviceFactors(initial[side], on: queue, what: "the \(side.rawValue) factors"),
        regularization: regularization,
        halfStep: try Self.halfStep(
          programs, queue: queue, matrix: matrix, parameters: parameters, tuning: tuning))
    }
    user = try side(.user)
    item = try side(.item)
    heldOut = try data.heldOut.map { try DeviceMatrix($0, on: queue, what: "the held-out ratings") }
    let rows = max(data.byUser.rowCount, data.byItem.rowCount)
    func gramian(_ precision: FactorPrecision) throws(OpenCLError) -> Gramian {
      try Gramian(programs, queue: queue, rank: parameters.rank, precision: precision, tuning: tuning, rows: rows)
    }
    self.gramian = isImplicit ? try gramian(precision) : nil
    exactGramian = isImplicit && precision != .float32 ? try gramian(.float32) : self.gramian
    halves =
      precision == .float16
      ? try HalfFactors(programs, queue: queue, rank: parameters.rank, tuning: tuning, rows: rows) : nil
    noGramian = try Buffer(context, count: 1, what: "a place holder")
    evaluation = try Evaluation(
      programs, queue: queue, rank: parameters.rank, isImplicit: isImplicit, tuning: tuning,
      rows: rows)
    status = try Buffer(context, count: 2, what: "the status of the solver")
    try queue.finish()
  }

  private static func halfStep(
    _ programs: ProgramCache, queue: CommandQueue, matrix: CSRMatrix, parameters: ALSParameters, tuning: Tuning
  ) throws(OpenCLError) -> any HalfStep {
    let stride = Tuning.stride(rank: parameters.rank)
    func program(_ source: KernelSource) throws(OpenCLError) -> Program {
      try programs.program(
        Specialization(
          source: source, rank: parameters.rank, isImplicit: parameters.feedback.isImplicit,
          precision: parameters.precision, tuning: tuning))
    }
    switch tuning.solver {
    case .cpuCholesky:
      return try CPUCholeskyHalfStep(
        program: try program(.cpuCholesky), queue: queue, matrix: matrix, stride: stride, tuning: tuning)
    case .cpuConjugateGradient:
      return try CPUConjugateGradientHalfStep(
        program: try program(.cpuConjugateGradient), queue: queue, matrix: matrix, stride: stride,
        steps: parameters.solver.steps, isImplicit: parameters.feedback.isImplicit)
    case .gpuRegisterTiles:
      return try GPURegisterTilesHalfStep(
        program: try program(.gpuRegisterTiles), queue: queue, matrix: matrix, stride: stride, tuning: tuning)
    case .gpuGlobalTiles:
      return try GPUGlobalTilesHalfStep(
        program: try program(.gpuGlobalTiles), queue: queue, matrix: matrix, stride: stride, tuning: tuning)
    }
  }

  private subscript(side: Side) -> SideState { side == .user ? user : item }

  /// α, or 0 in explicit training, where no kernel reads it.
  private var alpha: Float {
    if case .implicit(let alpha) = parameters.feedback { Float(alpha) } else { 0 }
  }

  package var peakDeviceBytes: Int { Int(queue.context.peakBytes) }

  package func update(_ side: Side) throws {
    let state = self[side]
    let other = self[side.other].factors
    let fixed = try halves?.rounding(other, on: queue) ?? other.fixed
    if let gramian { try gramian.enqueue(on: queue, of: fixed) }
    try queue.fill(status, with: Int32.max)
    try state.halfStep.enqueue(
      on: queue,
      HalfStepInputs(
        ratings: state.ratings, fixed: fixed, solved: state.factors, regularization: state.regularization,
        gramian: gramian?.result ?? noGramian, alpha: alpha, status: status))
    let failed = try queue.read(status)
    let (singular, overflow) = (failed[0], failed[1])
    if overflow < Int32.max { throw ALSError.overflow(side: side, row: Int(overflow), id: nil) }
    if singular < Int32.max { throw ALSError.singularSystem(side: side, row: Int(singular), id: nil) }
  }

  package func loss() throws -> Loss {
    let error: Double
    if let gramian = exactGramian {
      try gramian.enqueue(on: queue, of: item.factors.fixed)
      error = try evaluation.implicitError(
        of: user.ratings, user: user.factors, item: item.factors, gramian: gramian.result, alpha: alpha, on: queue)
    } else {
      error = try evaluation.squaredError(of: user.ratings, user: user.factors, item: item.factors, on: queue)
    }
    var penalty = 0.0
    for state in [user, item] {
      penalty += try evaluation.penalty(of: state.factors, regularization: state.regularization, on: queue)
    }
    return Loss(error: error, regularization: penalty)
  }

  package func heldOutSquaredError() throws -> Double {
    guard let heldOut else { return 0 }
    return try evaluation.squaredError(of: heldOut, user: user.factors, item: item.factors, on: queue)
  }

  package func factors(of side: Side) throws -> FactorMatrix { try self[side].factors.download(from: queue) }

  /// Compares the arguments of every kernel in use with what the compiler saw; for programs built with
  /// `-cl-kernel-arg-info`.
  package func checkKernelSignatures() throws {
    try user.halfStep.checkSignatures()
    try item.halfStep.checkSignatures()
    try gramian?.checkSignatures()
    try halves?.checkSignatures()
    try evaluation.checkSignatures()
  }
}
