import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import Testing

/// The dual form of implicit training on CPUs, which only much data is worth, taken with little; each against the reference.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct CPUPathTests {
  /// Rows of 0 to 90 ratings from `ratings`, some twice.
  private func matrix(_ ratings: [Float], columns: Int) -> CSRMatrix {
    let philox = Philox(seed: 9)
    let lengths = [0, 1, 1, 2, 3, 4, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 25, 31, 40, 47, 48, 49, 64, 72, 73, 90, 0, 3]
    return CSRMatrix(
      rows: lengths.count, columns: columns,
      lengths.enumerated().flatMap { row, length in
        (0..<length).map { k in
          let words = philox.block(UInt64(k), stream: UInt64(row))
          return (row, Int(words[1]) % columns, ratings[Int(words[0]) % ratings.count])
        }
      })
  }

  private func backend(rotating: Bool = true, largestAllocation: UInt64? = nil) throws -> OpenCLBackend {
    var limits = WorkLimits()
    limits.leastRotationGain = rotating ? -Double.infinity : .infinity
    return try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: .cpu, memory: MemorySettings(largestAllocation: largestAllocation),
      extraBuildOptions: "", limits: limits)
  }

  private func solved(
    _ backend: any Backend, _ ratings: CSRMatrix, _ parameters: ALSParameters, side: Side
  ) throws -> FactorMatrix {
    let session = try backend.makeSession(
      data: TrainingData(ratings: ratings), parameters: parameters,
      initial: Factors(
        user: .random(rows: ratings.rowCount, rank: parameters.rank, seed: 1),
        item: .random(rows: ratings.columnCount, rank: parameters.rank, seed: 2)))
    try session.update(side)
    return try session.factors(of: side)
  }

  @Test(arguments: [16, 33, 64, 100], Side.allCases)
  func `short rows of implicit training agree`(rank: Int, side: Side) throws {
    // Small, zero, negative and large ratings.
    let ratings = matrix([1, 2, 0.001, 0, -3, 40, 300], columns: 300)
    for (alpha, exponent) in [(2.0, 1.0), (10, 0)] {
      let parameters = try ALSParameters(
        rank: rank, regularization: 0.1, regularizationExponent: exponent, feedback: .implicit(alpha: alpha))
      let found = try solved(backend(), ratings, parameters, side: side)
      let error = try found.relativeError(to: solved(ReferenceBackend(), ratings, parameters, side: side))
      #expect(error <= 1e-4, "alpha \(alpha)")
      // The other form rounds otherwise: equal bits would mean that it was not taken.
      #expect(try found != solved(backend(rotating: false), ratings, parameters, side: side))
    }
  }

  @Test func `fewer fixed rows than dimensions agree`() throws {
    let ratings = matrix([1, 2, 5], columns: 20)
    let parameters = try ALSParameters(rank: 64, regularization: 0.01, feedback: .implicit(alpha: 1))
    let error = try solved(backend(), ratings, parameters, side: .user)
      .relativeError(to: solved(ReferenceBackend(), ratings, parameters, side: .user))
    #expect(error <= 1e-4)
  }

  @Test func `rotated factors of 16 bits agree with the reference's`() throws {
    let ratings = matrix([1, 2, 5], columns: 300)
    let parameters = try ALSParameters(rank: 33, feedback: .implicit(alpha: 1), precision: .float16)
    let error = try solved(backend(), ratings, parameters, side: .user)
      .relativeError(to: solved(ReferenceBackend(), ratings, parameters, side: .user))
    #expect(error <= 1e-4)
  }

  @Test func `rotated factors in several buffers are those in one`() throws {
    let ratings = matrix([1, 2, 5], columns: 200_000)
    let parameters = try ALSParameters(rank: 16, feedback: .implicit(alpha: 1))
    let whole = try solved(backend(), ratings, parameters, side: .user)
    #expect(try whole == solved(backend(largestAllocation: 4 << 20), ratings, parameters, side: .user))
  }

  @Test(arguments: [Feedback.explicit, .implicit(alpha: 0), .implicit(alpha: 1)])
  func `nothing is rotated in explicit training, without weights, or without regularization`(feedback: Feedback) throws
  {
    let ratings = matrix([1, 2, 5], columns: 300)
    func rotates(_ parameters: ALSParameters) throws -> Bool {
      let plan = try backend().memoryPlan(for: TrainingData(ratings: ratings), parameters: parameters)
      return plan.items.contains { $0.name.contains("rotated") }
    }
    #expect(try rotates(ALSParameters(rank: 16, feedback: .implicit(alpha: 1))))
    let isWeighted = feedback == .implicit(alpha: 1)
    let parameters = try ALSParameters(rank: 16, regularization: isWeighted ? 0 : 0.1, feedback: feedback)
    #expect(try !rotates(parameters))
  }
}
