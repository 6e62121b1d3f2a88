import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import Testing

/// A device is always compared with the reference, never with itself.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct DeviceAgainstReferenceTests {
  /// Float32 accumulation against float64, after several iterations that feed one rounding into the next.
  private static let tolerance = 1e-4

  private func compare(
    _ backend: BackendUnderTest, _ ratings: CSRMatrix, rank: Int, iterations: Int = 3, regularization: Double = 0.1,
    feedback: Feedback, solver: Solver = .cholesky, precision: FactorPrecision = .float32,
    tolerance: Double = tolerance
  ) throws {
    let data = try TrainingData(ratings: ratings)
    let parameters = try ALSParameters(
      rank: rank, iterations: iterations, regularization: regularization, feedback: feedback, solver: solver,
      precision: precision)
    let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(data).state
    let actual = try Trainer(backend: backend.make(), parameters: parameters).train(data).state
    for side in Side.allCases {
      let error = actual.factors[side].relativeError(to: expected.factors[side])
      #expect(error <= tolerance, "\(side) factors at rank \(rank), \(feedback)")
    }
    for (a, e) in zip(actual.history, expected.history) {
      if let loss = a.loss, let expectedLoss = e.loss {
        #expect(abs(loss - expectedLoss) <= 1e-4 * expectedLoss)
      }
      if let rmse = a.trainRMSE, let expectedRMSE = e.trainRMSE {
        #expect(abs(rmse - expectedRMSE) <= 1e-4 * max(1, expectedRMSE))
      }
    }
  }

  @Test(arguments: BackendUnderTest.devices, [1, 2, 7, 16, 33, 64, 100, 128, 129, 257])
  func `explicit factors agree at every rank`(backend: BackendUnderTest, rank: Int) throws {
    try compare(backend, .random(rows: 90, columns: 70, density: 0.3), rank: rank, feedback: .explicit)
  }

  @Test(arguments: BackendUnderTest.devices, [1, 2, 7, 16, 33, 64, 100, 128, 129, 257])
  func `implicit factors agree at every rank`(backend: BackendUnderTest, rank: Int) throws {
    try compare(
      backend, .random(rows: 90, columns: 70, density: 0.3), rank: rank, feedback: .implicit(alpha: 2))
  }

  @Test(
    arguments: BackendUnderTest.devices,
    [7, 64, 129].flatMap { rank in [Feedback.explicit, .implicit(alpha: 2)].map { (rank, $0) } })
  func `float16 storage agrees with the reference that rounds the fixed factors likewise`(
    backend: BackendUnderTest, problem: (rank: Int, feedback: Feedback)
  ) throws {
    try compare(
      backend, .random(rows: 90, columns: 70, density: 0.3), rank: problem.rank, feedback: problem.feedback,
      precision: .float16)
  }

  @Test(arguments: BackendUnderTest.devices)
  func `rank 512 agrees`(backend: BackendUnderTest) throws {
    try compare(
      backend, .random(rows: 20, columns: 30, density: 0.6), rank: 512, iterations: 1, feedback: .explicit)
  }

  /// The ranks have chunks with and without several groups of work-items, both tile sizes, and tiles in memory. Only the items
  /// are solved: theirs are the long rows.
  @Test(
    arguments: BackendUnderTest.devices,
    [
      (9, Feedback.explicit), (9, .implicit(alpha: 0.5)), (64, .explicit), (96, .explicit),
      (136, .implicit(alpha: 0.5)),
    ])
  func `rows longer than 100,000 ratings agree`(backend: BackendUnderTest, problem: (rank: Int, feedback: Feedback))
    throws
  {
    // Two items that everybody rated, and one that few did.
    let philox = Philox(seed: 3)
    var entries: [(Int, Int, Float)] = []
    for user in 0..<120_000 {
      let words = philox.block(UInt64(user), stream: 0)
      entries.append((user, 0, Float(words[0] % 5) + 1))
      entries.append((user, 1, Float(words[1] % 5) + 1))
      if words[2] % 1000 == 0 { entries.append((user, 2, Float(words[3] % 5) + 1)) }
    }
    let ratings = CSRMatrix(rows: 120_000, columns: 3, entries)
    let data = try TrainingData(ratings: ratings)
    let parameters = try ALSParameters(rank: problem.rank, regularization: 0.1, feedback: problem.feedback)
    // Few distinct users: equal addends round alike, and their errors do not cancel.
    let distinct = FactorMatrix.random(rows: 25, rank: problem.rank, seed: 4)
    let users = FactorMatrix(
      rank: problem.rank, values: (0..<120_000).flatMap { distinct[Int(philox.block(UInt64($0), stream: 1)[0] % 25)] })
    func items(_ backend: any Backend) throws -> FactorMatrix {
      let session = try backend.makeSession(
        data: data, parameters: parameters,
        initial: Factors(user: users, item: FactorMatrix(zeros: 3, rank: problem.rank)))
      try session.update(.item)
      return try session.factors(of: .item)
    }
    let error = try items(backend.make()).relativeError(to: items(ReferenceBackend()))
    #expect(error <= Self.tolerance)
  }

  @Test(arguments: BackendUnderTest.devices)
  func `ratings from 0 to 100 agree`(backend: BackendUnderTest) throws {
    try compare(
      backend, .random(rows: 200, columns: 100, density: 0.2, values: (0...100).map(Float.init)), rank: 20,
      feedback: .explicit)
  }

  @Test(arguments: BackendUnderTest.devices)
  func `negative and zero ratings agree in implicit training`(backend: BackendUnderTest) throws {
    try compare(
      backend, .random(rows: 120, columns: 80, density: 0.3, values: [-3, -1, 0, 1, 4]), rank: 12, iterations: 5,
      feedback: .implicit(alpha: 10))
  }

  @Test(arguments: BackendUnderTest.devices, 1...6)
  func `random problems agree`(backend: BackendUnderTest, seed: UInt64) throws {
    let words = Philox(seed: seed).block(0, stream: 0)
    try compare(
      backend,
      .random(
        rows: 20 + Int(words[0] % 300), columns: 20 + Int(words[1] % 200), density: 0.02 + Double(words[2] % 40) / 100,
        seed: seed),
      rank: 1 + Int(words[3] % 90), feedback: seed % 2 == 0 ? .explicit : .implicit(alpha: 1))
  }
}
