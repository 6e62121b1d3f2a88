import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import OpenCL
import Testing

/// Ratings that pass through the device in blocks give what resident ratings give.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct StreamingTests {
  /// 2,600 × 400 with an item that everybody rated: longer than a chunk of the GPU kernels, and than most blocks.
  private static let data = Result {
    var entries = CSRMatrix.random(rows: 2600, columns: 399, density: 0.06).triples.map {
      ($0.row, $0.column, $0.value)
    }
    for user in 0..<2600 { entries.append((user, 399, Float(1 + user % 5))) }
    let split = CSRMatrix(rows: 2600, columns: 400, entries).holdingOut(fraction: 0.1, seed: 2)
    return try TrainingData(ratings: split.training, heldOut: split.heldOut)
  }

  private func train(
    _ family: KernelFamily, _ parameters: ALSParameters, _ memory: MemorySettings
  ) throws -> (outcome: Trainer.Outcome, plan: MemoryPlan) {
    let backend = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family, memory: memory)
    let data = try Self.data.get()
    return (
      try Trainer(backend: backend, parameters: parameters).train(data),
      try backend.memoryPlan(for: data, parameters: parameters)
    )
  }

  /// A cap under which a part of the ratings must be streamed: `share` of all memory.
  private func cap(_ share: Double, _ whole: MemoryPlan) -> UInt64 { UInt64(Double(whole.peakBytes) * share) }

  @Test(
    arguments: KernelFamily.allCases,
    [
      (Feedback.explicit, FactorPrecision.float32), (.implicit(alpha: 2), .float32), (.explicit, .float16),
      (.implicit(alpha: 2), .float16),
    ])
  func `streamed, resident and shared ratings give the same bits within the cap`(
    family: KernelFamily, problem: (feedback: Feedback, precision: FactorPrecision)
  ) throws {
    let parameters = try ALSParameters(
      rank: 16, iterations: 3, feedback: problem.feedback, precision: problem.precision)
    let resident = try train(family, parameters, MemorySettings(copiesRatings: true))
    #expect(resident.plan.streamedBytesPerIteration == 0)
    for share in [0.9, 0.75] {
      let cap = cap(share, resident.plan)
      let streamed = try train(family, parameters, MemorySettings(cap: cap, copiesRatings: true))
      let blocks = streamed.plan.blocks.values.joined()
      #expect(blocks.count { $0.placement == .streamed } > 3)
      #expect(streamed.outcome.peakDeviceBytes <= streamed.plan.peakBytes && streamed.plan.peakBytes <= cap)
      expectSame(streamed.outcome, resident.outcome)
    }
    let shared = try train(family, parameters, MemorySettings())
    #expect(shared.outcome.peakDeviceBytes <= shared.plan.peakBytes)
    expectSame(shared.outcome, resident.outcome)
  }

  /// Steps start from the factors of the block, so that its part of them must be the right one.
  @Test(arguments: [Feedback.explicit, .implicit(alpha: 2)])
  func `conjugate gradient steps give the same bits when streamed`(feedback: Feedback) throws {
    let parameters = try ALSParameters(
      rank: 16, iterations: 3, feedback: feedback, solver: .conjugateGradient(steps: 3))
    let resident = try train(.cpu, parameters, MemorySettings(copiesRatings: true))
    let cap = cap(0.75, resident.plan)
    let streamed = try train(.cpu, parameters, MemorySettings(cap: cap, copiesRatings: true))
    #expect(streamed.plan.streamedBytesPerIteration > 0)
    #expect(streamed.outcome.peakDeviceBytes <= cap)
    expectSame(streamed.outcome, resident.outcome)
  }

  @Test(arguments: KernelFamily.allCases)
  func `biases give the same bits when streamed, within the cap, and when resumed`(family: KernelFamily) throws {
    func parameters(_ iterations: Int) throws -> ALSParameters {
      try ALSParameters(rank: 16, iterations: iterations, biases: true)
    }
    let resident = try train(family, parameters(3), MemorySettings(copiesRatings: true))
    let cap = cap(0.8, resident.plan)
    let streamed = try train(family, parameters(3), MemorySettings(cap: cap, copiesRatings: true))
    #expect(streamed.plan.streamedBytesPerIteration > 0)
    #expect(streamed.outcome.peakDeviceBytes <= cap)
    expectSame(streamed.outcome, resident.outcome)
    let backend = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
    let checkpoint = try Trainer(backend: backend, parameters: parameters(1)).train(Self.data.get()).state
    expectSame(
      try Trainer(backend: backend, parameters: parameters(3)).train(Self.data.get(), from: checkpoint),
      resident.outcome)
  }

  @Test(arguments: KernelFamily.allCases)
  func `no allocation is larger than allowed`(family: KernelFamily) throws {
    let parameters = try ALSParameters(rank: 16, iterations: 2)
    let whole = try train(family, parameters, MemorySettings(copiesRatings: true))
    // The context refuses larger ones, so that training at all shows it.
    for copiesRatings in [false, true] {
      let cut = try train(
        family, parameters, MemorySettings(copiesRatings: copiesRatings, largestAllocation: 200_000))
      #expect(cut.plan.blocks.values.joined().count > 3)
      expectSame(cut.outcome, whole.outcome)
    }
  }

  @Test(arguments: KernelFamily.allCases, [Feedback.explicit, .implicit(alpha: 2)])
  func `streamed ratings agree with the reference`(family: KernelFamily, feedback: Feedback) throws {
    let parameters = try ALSParameters(rank: 16, iterations: 2, feedback: feedback)
    let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(Self.data.get()).state
    let whole = try train(family, parameters, MemorySettings(copiesRatings: true)).plan
    let actual = try train(family, parameters, MemorySettings(cap: cap(0.8, whole), copiesRatings: true)).outcome.state
    for side in Side.allCases {
      #expect(actual.factors[side].relativeError(to: expected.factors[side]) <= 1e-4)
    }
    let (a, e) = (try #require(actual.history.last), try #require(expected.history.last))
    #expect(abs(try #require(a.testRMSE) - (try #require(e.testRMSE))) <= 1e-4)
  }

  @Test(arguments: KernelFamily.allCases)
  func `a resumed run that streams gives the same bits`(family: KernelFamily) throws {
    let whole = try train(family, ALSParameters(rank: 16, iterations: 3), MemorySettings(copiesRatings: true))
    let backend = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: family,
      memory: MemorySettings(cap: cap(0.75, whole.plan), copiesRatings: true))
    let data = try Self.data.get()
    let checkpoint = try Trainer(backend: backend, parameters: ALSParameters(rank: 16, iterations: 1)).train(data).state
    let resumed = try Trainer(backend: backend, parameters: ALSParameters(rank: 16, iterations: 3))
      .train(data, from: checkpoint)
    expectSame(resumed, whole.outcome)
  }

  @Test(arguments: KernelFamily.allCases)
  func `the lowest singular row of all blocks is named`(family: KernelFamily) throws {
    // Items 300 and 350 have one rating each, without regularization.
    var entries: [(Int, Int, Float)] = []
    for item in 0..<400 {
      let isShort = item == 300 || item == 350
      for user in 0..<(isShort ? 1 : 100) { entries.append(((user * 7 + item) % 700, item, Float(1 + user % 4))) }
    }
    let ratings = CSRMatrix(rows: 700, columns: 400, entries)
    let parameters = try ALSParameters(rank: 8, regularization: 0)
    let backend = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: family,
      memory: MemorySettings(copiesRatings: true, largestAllocation: 32_000))
    let session = try backend.makeOpenCLSession(
      data: TrainingData(ratings: ratings), parameters: parameters,
      initial: Factors(user: .random(rows: 700, rank: 8, seed: 1), item: FactorMatrix(zeros: 400, rank: 8)))
    #expect(try #require(session.plan.blocks[.byItem]).count > 3)
    #expect(throws: ALSError.singularSystem(side: .item, row: 300, id: nil)) { try session.update(.item) }
  }
}
