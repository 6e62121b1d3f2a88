import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import Testing

/// The paths of the GPU kernels that only much data takes, reached with little by small limits; each against the reference.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct GPUPathTests {
  private static let tolerance = 1e-4

  /// Rows of the lengths given, with ratings from 1 to 5 in scattered columns.
  private func ratings(ofLengths lengths: [Int], columns: Int) -> CSRMatrix {
    let philox = Philox(seed: 9)
    return CSRMatrix(
      rows: lengths.count, columns: columns,
      lengths.enumerated().flatMap { row, length in
        (0..<length).map { k in
          let words = philox.block(UInt64(k), stream: UInt64(row))
          return (row, (k * columns / length + row) % columns, Float(words[0] % 5) + 1)
        }
      })
  }

  /// Compares one half-step of the users and one of the items, from the same random factors.
  private func compare(
    _ ratings: CSRMatrix, _ parameters: ALSParameters, _ limits: WorkLimits, sides: [Side] = [.user, .item],
    comment: Comment? = nil
  ) throws {
    let device = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: .gpu, extraBuildOptions: "", limits: limits)
    let data = try TrainingData(ratings: ratings)
    let initial = Factors(
      user: .random(rows: ratings.rowCount, rank: parameters.rank, seed: 1),
      item: .random(rows: ratings.columnCount, rank: parameters.rank, seed: 2))
    for side in sides {
      func factors(_ backend: any Backend) throws -> FactorMatrix {
        let session = try backend.makeSession(data: data, parameters: parameters, initial: initial)
        try session.update(side)
        return try session.factors(of: side)
      }
      let error = try factors(device).relativeError(to: factors(ReferenceBackend()))
      #expect(error <= Self.tolerance, comment ?? "\(side)s at rank \(parameters.rank)")
    }
  }

  /// Lengths on both sides of whatever the kernels cut at.
  private static let lengths = [0, 1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 33, 48, 49, 64, 65, 96, 97, 128, 150, 0, 3]

  @Test(
    arguments: [7, 33, 100, 257], [Feedback.explicit, .implicit(alpha: 2)])
  func `long rows in parts agree`(rank: Int, feedback: Feedback) throws {
    var limits = WorkLimits()
    limits.shortestChunk = 20
    try compare(
      ratings(ofLengths: Self.lengths, columns: 160), ALSParameters(rank: rank, feedback: feedback), limits)
  }

  @Test(arguments: [40, 257])
  func `as little scratch memory as there can be is used again and again`(rank: Int) throws {
    var limits = WorkLimits()
    limits.shortestChunk = 20
    limits.scratchBytes = 1
    try compare(
      ratings(ofLengths: Self.lengths, columns: 160), ALSParameters(rank: rank, feedback: .implicit(alpha: 1)), limits)
  }

  @Test(arguments: [(16, 16), (64, 64), (100, 64)])
  func `small work-groups agree`(rank: Int, largestGroup: Int) throws {
    var limits = WorkLimits()
    limits.largestGroup = largestGroup
    limits.fewestDualRows = 1
    for feedback in [Feedback.explicit, .implicit(alpha: 1)] {
      try compare(
        ratings(ofLengths: Self.lengths, columns: 160), ALSParameters(rank: rank, feedback: feedback), limits)
    }
  }

  @Test(arguments: [16, 64, 200], [0.05, 20])
  func `short rows in the dual form agree`(rank: Int, regularization: Double) throws {
    var limits = WorkLimits()
    limits.fewestDualRows = 1
    try compare(
      ratings(ofLengths: Self.lengths + (0..<70).map { $0 % 50 }, columns: 160),
      ALSParameters(rank: rank, regularization: regularization, regularizationExponent: 0.5), limits)
  }

  @Test func `short rows in the dual form agree with float16 storage, repeated pairs and ratings of zero`() throws {
    var limits = WorkLimits()
    limits.fewestDualRows = 1
    let ratings = CSRMatrix(
      rows: 4, columns: 5,
      [(0, 1, 3), (0, 1, 3), (0, 1, 1), (1, 0, 0), (1, 2, 0), (2, 0, 2), (2, 4, -1), (3, 3, 5)])
    try compare(ratings, ALSParameters(rank: 20, regularization: 0.1, precision: .float16), limits)
  }

  @Test func `overflow of a short row is an error`() throws {
    var limits = WorkLimits()
    limits.fewestDualRows = 1
    let backend = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: .gpu, extraBuildOptions: "", limits: limits)
    let ratings = CSRMatrix(rows: 3, columns: 2, [(0, 0, 1), (1, 1, 3e38), (2, 0, 2)])
    let session = try backend.makeSession(
      data: TrainingData(ratings: ratings), parameters: ALSParameters(rank: 16, regularization: 1e-3),
      initial: Factors(
        user: FactorMatrix(zeros: 3, rank: 16),
        item: FactorMatrix(rank: 16, values: [Float](repeating: 0.01, count: 32))))
    #expect(throws: ALSError.overflow(side: .user, row: 1, id: nil)) { try session.update(.user) }
  }

  @Test(arguments: [1, 7, 33, 64, 128, 200], [Feedback.explicit, .implicit(alpha: 2)])
  func `conjugate gradients agree`(rank: Int, feedback: Feedback) throws {
    let data = try TrainingData(ratings: ratings(ofLengths: Self.lengths, columns: 160))
    let parameters = try ALSParameters(
      rank: rank, iterations: 3, feedback: feedback, solver: .conjugateGradient(steps: 3))
    for shortestChunk in [20, 1024] {
      var limits = WorkLimits()
      limits.shortestChunk = shortestChunk
      let device = try OpenCLBackend(
        device: TestDevice.found.get(), kernelFamily: .gpu, extraBuildOptions: "", limits: limits)
      let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(data).state.factors
      let actual = try Trainer(backend: device, parameters: parameters).train(data).state.factors
      for side in Side.allCases {
        #expect(
          actual[side].relativeError(to: expected[side]) <= Self.tolerance,
          "\(side)s at rank \(rank), \(feedback), chunks of \(shortestChunk)")
      }
    }
  }

  @Test(arguments: [(7, Feedback.explicit), (64, .explicit), (64, .implicit(alpha: 0.5)), (200, .explicit)])
  func `conjugate gradients of rows with 20,000 ratings agree`(rank: Int, feedback: Feedback) throws {
    var entries: [(Int, Int, Float)] = []
    for user in 0..<20_000 {
      entries += [(user, 0, Float(user % 5) + 1), (user, 1, Float(user % 3) + 1)]
      if user % 100 == 0 { entries.append((user, 2, 4)) }
    }
    let parameters = try ALSParameters(rank: rank, feedback: feedback, solver: .conjugateGradient(steps: 3))
    for shortestChunk in [1024, 1 << 20] {
      var limits = WorkLimits()
      limits.shortestChunk = shortestChunk
      try compare(
        CSRMatrix(rows: 20_000, columns: 3, entries), parameters, limits, sides: [.item],
        comment: "rank \(rank), \(feedback), chunks of \(shortestChunk)")
    }
  }

  @Test func `conjugate gradients end where the residual is rounding noise`() throws {
    // Far more steps than factors: what follows the solution must not spoil it.
    try compare(
      ratings(ofLengths: Self.lengths, columns: 160),
      ALSParameters(rank: 5, regularization: 1, solver: .conjugateGradient(steps: 40)), WorkLimits())
  }
}
