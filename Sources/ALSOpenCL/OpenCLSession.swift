import ALS
import ALSKernels
import OpenCL

/// Both factor matrices, and of the ratings what a ``MemoryPlan`` says, in the memory of a device for the life of the session;
/// the loop moves only what the plan streams.
package final class OpenCLSession: TrainingSession {
  let queue: CommandQueue
  private let parameters: ALSParameters
  private let user: SideState
  private let item: SideState
  private let heldOut: HeldOut?
  private let stream: RatingStream
  private let halves: HalfFactors?
  private let rotated: RotatedFactors?
  /// Of the fixed factors as the half-step reads them, and of the factors themselves; in implicit training.
  private let gramian: Gramian?
  private let exactGramian: Gramian?
  private let noGramian: Buffer<Float>
  private let evaluation: Evaluation
  let biases: DeviceBiases?
  /// What the session keeps on the device.
  package let plan: MemoryPlan

  /// What belongs to one side.
  private struct SideState {
    var ratings: DeviceRatings
    var factors: DeviceFactors
    /// One for each block of the ratings.
    var blocks: [BlockState]
  }

  /// What belongs to a block of rows.
  private struct BlockState {
    var firstRow: Int
    /// The rows of the block.
    var factors: FactorRows
    var regularization: Buffer<Float>
    var halfStep: any HalfStep
    /// The lowest row of the block whose system is singular, and the lowest that overflows.
    var status: Buffer<Int32>

    /// The part of the results of all rows that is the block's.
    func results(in all: UnsafeMutableBufferPointer<Float>) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(rebasing: all[firstRow..<firstRow + factors.rowCount])
    }
  }

  private struct HeldOut {
    var ratings: DeviceRatings
    /// The users of each block.
    var users: [FactorRows]
  }

  init(
    context: Context, programs: ProgramCache, tuning: Tuning, plan: MemoryPlan, placed: OpenCLRatings,
    parameters: ALSParameters, initial: Factors
  ) throws {
    let data = placed.data
    self.parameters = parameters
    self.plan = plan
    let isImplicit = parameters.feedback.isImplicit
    let precision = parameters.precision
    context.resetPeak()
    let queue = try CommandQueue(context)
    self.queue = queue
    let scratch = ScratchPool(context, budgetBytes: plan.scratchBudget)

    func side(_ side: Side) throws -> SideState {
      let factors = try DeviceFactors(
        initial.biases.map { initial[side].appending($0[side]) } ?? initial[side], segments: plan.segments(of: side),
        on: queue, what: "the \(side.rawValue) factors")
      guard let ratings = try placed.ratings(side == .user ? .byUser : .byItem, in: plan, on: queue) else {
        throw ALSError.noRatings
      }
      let lambdas = data.regularization(of: side, parameters: parameters)
      let blocks = try ratings.blocks.map { block in
        let rows = block.rows.rows
        let regularization: Buffer<Float> = try Buffer(
          context, count: rows.count, what: "the regularization of the \(side.rawValue)s")
        try queue.write(Array(lambdas[rows]), to: regularization)
        return BlockState(
          firstRow: rows.lowerBound,
          factors: try factors.rows(rows, what: "the \(side.rawValue) factors of a block"),
          regularization: regularization,
          halfStep: try Self.halfStep(
            programs, queue: queue, matrix: block.rows, parameters: parameters,
            tuning: tuning.reading(plan.segments(of: side.other)), scratch: scratch),
          status: try Buffer(context, count: 2, what: "the status of the solver"))
      }
      return SideState(ratings: ratings, factors: factors, blocks: blocks)
    }
    let user = try side(.user)
    self.user = user
    item = try side(.item)
    heldOut = try placed.ratings(.heldOut, in: plan, on: queue).map { ratings in
      HeldOut(
        ratings: ratings,
        users: try ratings.blocks.map { try user.factors.rows($0.rows.rows, what: "the user factors of a block") })
    }
    stream = try RatingStream(context, slotEntries: plan.slotEntries)
    try scratch.allocate()
    let rows = max(data.byUser.rowCount, data.byItem.rowCount)
    func gramian(_ precision: FactorPrecision) throws(OpenCLError) -> Gramian {
      try Gramian(programs, queue: queue, rank: parameters.unknowns, precision: precision, tuning: tuning, rows: rows)
    }
    self.gramian = isImplicit ? try gramian(precision) : nil
    exactGramian = isImplicit && precision != .float32 ? try gramian(.float32) : self.gramian
    halves =
      precision == .float16
      ? try HalfFactors(
        programs, queue: queue, rank: parameters.unknowns, tuning: tuning,
        sides: [plan.userSegments, plan.itemSegments])
      : nil
    rotated =
      plan.rotatingSides.isEmpty
      ? nil
      : try RotatedFactors(
        programs, queue: queue, rank: parameters.unknowns, precision: precision, tuning: tuning,
        sides: plan.rotatingSides.map { plan.segments(of: $0.other) })
    noGramian = try Buffer(context, count: 1, what: "a place holder")
    evaluation = try Evaluation(
      programs, queue: queue, rank: parameters.unknowns, isImplicit: isImplicit,
      tuning: tuning.reading(plan.itemSegments), rows: rows)
    biases = try initial.biases.map { initial throws(OpenCLError) in
      try DeviceBiases(
        programs, queue: queue, parameters: parameters, tuning: tuning, plan: plan, initial: initial)
    }
    for side in Side.allCases { try biases?.takeOut(of: self[side].factors, side, on: queue) }
    try queue.finish()
  }

  private static func halfStep(
    _ programs: ProgramCache, queue: CommandQueue, matrix: RowBlock, parameters: ALSParameters, tuning: Tuning,
    scratch: ScratchPool
  ) throws(OpenCLError) -> any HalfStep {
    let stride = Tuning.stride(rank: parameters.unknowns)
    func program(_ source: KernelSource) throws(OpenCLError) -> Program {
      try programs.program(
        Specialization(
          source: source, rank: parameters.unknowns, isImplicit: parameters.feedback.isImplicit,
          precision: parameters.precision, tuning: tuning))
    }
    switch tuning.solver {
    case .cpuCholesky:
      return try CPUCholeskyHalfStep(
        program: try program(.cpuCholesky), queue: queue, matrix: matrix, stride: stride,
        isImplicit: parameters.feedback.isImplicit, tuning: tuning, scratch: scratch)
    case .cpuConjugateGradient:
      return try CPUConjugateGradientHalfStep(
        program: try program(.cpuConjugateGradient), queue: queue, matrix: matrix, stride: stride, tuning: tuning,
        steps: parameters.solver.steps, scratch: scratch)
    case .gpuRegisterTiles, .gpuGlobalTiles, .gpuConjugateGradient, .gpuDual:
      return try GPUHalfStep(
        programs, queue: queue, matrix: matrix, parameters: parameters, tuning: tuning, scratch: scratch)
    }
  }

  private subscript(side: Side) -> SideState { side == .user ? user : item }

  /// The factors of a side on the device.
  func deviceFactors(of side: Side) -> DeviceFactors { self[side].factors }

  /// α, or 0 in explicit training, where no kernel reads it.
  private var alpha: Float {
    if case .implicit(let alpha) = parameters.feedback { Float(alpha) } else { 0 }
  }

  package var peakDeviceBytes: Int { Int(queue.context.peakBytes) }

  package func update(_ side: Side, gramian given: FactorMatrix?) throws {
    let state = self[side]
    let other = self[side.other].factors
    let fixed = try halves?.rounding(other, on: queue) ?? other.fixed
    if let gramian {
      if let given { try gramian.write(given, on: queue) } else { try gramian.enqueue(on: queue, of: fixed) }
    }
    let rotation =
      if let rotated, let gramian, plan.rotatingSides.contains(side) {
        try rotated.rotating(fixed, gramian: gramian.result, on: queue)
      } else {
        Rotation?.none
      }
    for block in state.blocks { try queue.fill(block.status, with: Int32.max) }
    // Some solvers start from what is there.
    try biases?.putIn(state.factors, side, on: queue)
    try stream.forEachBlock(of: state.ratings, on: queue) { (index, ratings) throws(OpenCLError) in
      let block = state.blocks[index]
      let ratings =
        try biases?.takenOff(ratings, side: side, firstRow: block.firstRow, withRows: false, on: queue) ?? ratings
      try block.halfStep.enqueue(
        on: queue,
        HalfStepInputs(
          ratings: ratings, fixed: fixed, solved: block.factors, regularization: block.regularization,
          gramian: gramian?.result ?? noGramian, rotation: rotation, alpha: alpha, status: block.status))
    }
    try biases?.takeOut(of: state.factors, side, on: queue)
    var singular: Int?
    var overflow: Int?
    for block in state.blocks {
      let failed = try queue.read(block.status)
      if failed[0] < Int32.max { singular = singular ?? block.firstRow + Int(failed[0]) }
      if failed[1] < Int32.max { overflow = overflow ?? block.firstRow + Int(failed[1]) }
    }
    if let overflow { throw ALSError.overflow(side: side, row: overflow, id: nil) }
    if let singular { throw ALSError.singularSystem(side: side, row: singular, id: nil) }
  }

  package func loss() throws -> Loss {
    var loss = try lossOfShare()
    loss.error += try squaredScores()
    return loss
  }

  /// Σ (xᵀy)² over all pairs in implicit training, which is the sum of the products of the elements of XᵀX and YᵀY; 0 in explicit.
  func squaredScores() throws -> Double {
    var sum = 0.0
    if let exactGramian {
      let stride = Tuning.stride(rank: parameters.unknowns)
      let (x, y) = (
        try exactGramian.upperTriangle(of: user.factors.fixed, on: queue),
        try exactGramian.upperTriangle(of: item.factors.fixed, on: queue)
      )
      for i in 0..<parameters.rank {
        for j in i..<parameters.rank {
          let product = Double(x[i * stride + j]) * Double(y[i * stride + j])
          sum += i == j ? product : 2 * product
        }
      }
    }
    return sum
  }

  /// What the rows of the plan's share add to the objective beside the ``squaredScores()``.
  func lossOfShare() throws -> Loss {
    let error = try evaluation.sum(rows: user.factors.rowCount, on: queue) { (results) throws(OpenCLError) in
      try stream.forEachBlock(of: user.ratings, on: queue) { (index, ratings) throws(OpenCLError) in
        let block = user.blocks[index]
        let results = block.results(in: results)
        if exactGramian != nil {
          try evaluation.enqueueImplicitErrors(
            of: ratings, user: block.factors, item: item.factors.fixed, alpha: alpha, on: queue,
            into: results)
        } else {
          try evaluation.enqueueSquaredErrors(
            of: comparable(ratings, firstRow: block.firstRow), user: block.factors, item: item.factors.fixed, on: queue,
            into: results)
        }
      }
    }
    var penalty = 0.0
    for side in Side.allCases {
      let state = self[side]
      try biases?.putIn(state.factors, side, on: queue)
      penalty += try evaluation.sum(rows: state.factors.rowCount, on: queue) { (results) throws(OpenCLError) in
        for block in state.blocks {
          try evaluation.enqueuePenalties(
            of: block.factors, regularization: block.regularization, on: queue, into: block.results(in: results))
        }
      }
      try biases?.takeOut(of: state.factors, side, on: queue)
    }
    return Loss(error: error, regularization: penalty)
  }

  package func heldOutSquaredError() throws -> Double {
    guard let heldOut else { return 0 }
    return try evaluation.sum(rows: user.factors.rowCount, on: queue) { (results) throws(OpenCLError) in
      try stream.forEachBlock(of: heldOut.ratings, on: queue) { (index, ratings) throws(OpenCLError) in
        let rows = heldOut.ratings.blocks[index].rows.rows
        try evaluation.enqueueSquaredErrors(
          of: comparable(ratings, firstRow: rows.lowerBound), user: heldOut.users[index], item: item.factors.fixed,
          on: queue,
          into: UnsafeMutableBufferPointer(rebasing: results[rows]))
      }
    }
  }

  /// The ratings of some users as the products of factors on the device are to be compared with.
  private func comparable(_ ratings: DeviceMatrix, firstRow: Int) throws(OpenCLError) -> DeviceMatrix {
    try biases?.takenOff(ratings, side: .user, firstRow: firstRow, withRows: true, on: queue) ?? ratings
  }

  package func factors(of side: Side) throws -> FactorMatrix {
    try deviceFactors(of: side).download(from: queue, columns: parameters.rank)
  }

  package func biases(of side: Side) throws -> [Float]? { try biases.map { try queue.read($0[side]) } }

  /// Compares the arguments of every kernel in use with what the compiler saw; for programs built with
  /// `-cl-kernel-arg-info`.
  package func checkKernelSignatures() throws {
    for block in user.blocks + item.blocks { try block.halfStep.checkSignatures() }
    try gramian?.checkSignatures()
    try halves?.checkSignatures()
    try rotated?.checkSignatures()
    try evaluation.checkSignatures()
    try biases?.checkSignatures()
  }
}
