import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import OpenCL
import Testing

/// Factor matrices in several buffers give what factors in one give.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct SegmentTests {
  /// What is trained on, at which rank, and the largest buffer that makes several segments of each side's factors.
  private struct Sample {
    let data: TrainingData
    let rank: Int
    let largestAllocation: UInt64
    /// Segments of users and of items.
    let segments: [Int]
  }

  /// 900 × 700, every fifth user with so few ratings that the dual form solves them, and an item with so many that it is solved in
  /// parts.
  private static let small = Result {
    let ratings = CSRMatrix.random(rows: 900, columns: 699, density: 0.05)
    var entries = ratings.triples.filter { $0.row % 5 > 0 || $0.column < 100 }.map { ($0.row, $0.column, $0.value) }
    for user in stride(from: 0, to: 900, by: 2) { entries.append((user, 699, Float(1 + user % 5))) }
    let split = CSRMatrix(rows: 900, columns: 700, entries).holdingOut(fraction: 0.1, seed: 2)
    return Sample(
      data: try TrainingData(ratings: split.training, heldOut: split.heldOut), rank: 16, largestAllocation: 16_400,
      segments: [4, 3])
  }

  /// 80,000 × 40,000 with three ratings a user: so many rows that a part of the factors is larger than what the Gramian takes.
  private static let wide = Result {
    let philox = Philox(seed: 4)
    let entries = (0..<240_000).map { k -> (Int, Int, Float) in
      let words = philox.block(UInt64(k), stream: 0)
      return (k / 3, Int(words[0] % 40_000), Float(words[1] % 5) + 1)
    }
    let split = CSRMatrix(rows: 80_000, columns: 40_000, entries).holdingOut(fraction: 0.1, seed: 2)
    return Sample(
      data: try TrainingData(ratings: split.training, heldOut: split.heldOut), rank: 8, largestAllocation: 1_200_000,
      segments: [3, 2])
  }

  enum Method: String, CaseIterable, CustomTestStringConvertible {
    case exact, float16, conjugateGradient

    var testDescription: String { rawValue }
  }

  private func backend(_ family: KernelFamily, _ memory: MemorySettings, largestGroup: Int = .max) throws
    -> OpenCLBackend
  {
    // Short chunks and few dual rows, so that every kernel of the GPU family has something to do.
    var limits = WorkLimits()
    limits.shortestChunk = 128
    limits.fewestDualRows = 1
    limits.largestGroup = largestGroup
    return try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: family, memory: memory, extraBuildOptions: "", limits: limits)
  }

  private func train(
    _ sample: Sample, _ family: KernelFamily, _ parameters: ALSParameters, _ memory: MemorySettings,
    largestGroup: Int = .max
  ) throws -> (outcome: Trainer.Outcome, plan: MemoryPlan) {
    let backend = try backend(family, memory, largestGroup: largestGroup)
    return (
      try Trainer(backend: backend, parameters: parameters).train(sample.data),
      try backend.memoryPlan(for: sample.data, parameters: parameters)
    )
  }

  private func expectNear(_ outcome: Trainer.Outcome, _ expected: TrainingState, tolerance: Double) throws {
    for side in Side.allCases {
      #expect(outcome.state.factors[side].relativeError(to: expected.factors[side]) <= tolerance, "\(side)s")
    }
    let (a, e) = (try #require(outcome.state.history.last), try #require(expected.history.last))
    // Implicit training has a loss, explicit training an error.
    let (measured, right) = (try #require(a.loss ?? a.trainRMSE), try #require(e.loss ?? e.trainRMSE))
    #expect(abs(measured - right) <= tolerance * right)
    #expect(abs(try #require(a.testRMSE) - (try #require(e.testRMSE))) <= tolerance)
  }

  @Test(arguments: KernelFamily.allCases, [Feedback.explicit, .implicit(alpha: 2)])
  func `factors in several buffers are those in one, and near the reference`(family: KernelFamily, feedback: Feedback)
    throws
  {
    let sample = try (family == .cpu && feedback.isImplicit ? Self.wide : Self.small).get()
    for method in Method.allCases {
      let parameters = try ALSParameters(
        rank: sample.rank, iterations: 2, feedback: feedback,
        solver: method == .conjugateGradient ? .conjugateGradient(steps: 3) : .cholesky,
        precision: method == .float16 ? .float16 : .float32)
      let whole = try train(sample, family, parameters, MemorySettings())
      #expect(whole.plan.userSegments.count == 1 && whole.plan.itemSegments.count == 1)
      // The context refuses larger buffers, so that training at all shows that there are none.
      let cut = try train(
        sample, family, parameters, MemorySettings(largestAllocation: sample.largestAllocation))
      #expect([cut.plan.userSegments.count, cut.plan.itemSegments.count] == sample.segments)
      #expect(cut.outcome.peakDeviceBytes <= cut.plan.peakBytes)
      expectSame(cut.outcome, whole.outcome)
      let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(sample.data).state
      try expectNear(cut.outcome, expected, tolerance: method == .float16 ? 1e-3 : 1e-4)
    }
  }

  @Test(arguments: [2, 3])
  func `matrices in global memory agree, however many segments there are`(segments: Int) throws {
    let sample = try Self.small.get()
    let parameters = try ALSParameters(rank: 40, iterations: 1)
    // 160 bytes a row, and tiles for more work-items than a work-group has.
    let whole = try train(sample, .gpu, parameters, MemorySettings(), largestGroup: 8)
    let cut = try train(
      sample, .gpu, parameters, MemorySettings(largestAllocation: UInt64(900 / segments + 8) * 160), largestGroup: 8)
    #expect(cut.plan.userSegments.count == segments)
    expectSame(cut.outcome, whole.outcome)
  }

  @Test(arguments: KernelFamily.allCases)
  func `streamed ratings go with factors in several buffers`(family: KernelFamily) throws {
    let sample = try Self.small.get()
    let parameters = try ALSParameters(rank: sample.rank, iterations: 2)
    let whole = try train(sample, family, parameters, MemorySettings(copiesRatings: true))
    var memory = MemorySettings(copiesRatings: true, largestAllocation: sample.largestAllocation)
    let resident = try backend(family, memory).memoryPlan(for: sample.data, parameters: parameters)
    memory.cap = UInt64(resident.peakBytes) * 8 / 10
    let streamed = try train(sample, family, parameters, memory)
    #expect(streamed.plan.streamedBytesPerIteration > 0)
    #expect([streamed.plan.userSegments.count, streamed.plan.itemSegments.count] == sample.segments)
    #expect(streamed.outcome.peakDeviceBytes <= streamed.plan.peakBytes)
    expectSame(streamed.outcome, whole.outcome)
  }

  @Test func `factors that need a fifth buffer are refused before anything is allocated`() throws {
    let error = #expect(throws: DeviceMemoryError.self) {
      try train(Self.small.get(), .cpu, ALSParameters(rank: 16), MemorySettings(largestAllocation: 14_000))
    }
    guard case .factorsTooLarge(side: .user, bytes: 900 * 16 * 4, limit: 14_000, rank: 16, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(String(describing: error).contains("more than 4 buffers of"))
  }
}
