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
    regularizationExponent: Double = 1, feedback: Feedback, solver: Solver = .cholesky,
    nonnegative: Bool = false, biases: Bool = false, precision: FactorPrecision = .float32,
    tolerance: Double = tolerance
  ) throws {
    let data = try TrainingData(ratings: ratings)
    let parameters = try ALSParameters(
      rank: rank, iterations: iterations, regularization: regularization,
      regularizationExponent: regularizationExponent, feedback: feedback, solver: solver,
      nonnegative: nonnegative, biases: biases, precision: precision)
    let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(data).state
    let actual = try Trainer(backend: backend.make(), parameters: parameters).train(data).state
    for side in Side.allCases {
      let error = actual.factors[side].relativeError(to: expected.factors[side])
      #expect(error <= tolerance, "\(side) factors at rank \(rank), \(feedback)")
      if biases {
        let (found, wanted) = (actual.factors.biases?[side] ?? [], expected.factors.biases?[side] ?? [])
        let error = FactorMatrix(rank: 1, values: found).relativeError(to: FactorMatrix(rank: 1, values: wanted))
        #expect(error <= tolerance && wanted.contains { $0 != 0 }, "\(side) biases at rank \(rank)")
      }
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

  @Test(arguments: BackendUnderTest.devices, [1, 7, 33, 64, 100])
  func `nonnegative factors agree`(backend: BackendUnderTest, rank: Int) throws {
    let ratings = CSRMatrix.random(rows: 90, columns: 70, density: 0.3)
    try compare(backend, ratings, rank: rank, feedback: .explicit, nonnegative: true)
    try compare(backend, ratings, rank: rank, feedback: .implicit(alpha: 2), nonnegative: true)
  }

  /// Rank 7 makes 8 unknowns, which fill the stride; 8 makes 9, which do not.
  @Test(arguments: BackendUnderTest.devices, [1, 7, 8, 33, 64, 128])
  func `biases agree`(backend: BackendUnderTest, rank: Int) throws {
    let ratings = CSRMatrix.random(rows: 90, columns: 70, density: 0.3, values: [10, 12, 13, 17])
    try compare(backend, ratings, rank: rank, feedback: .explicit, biases: true)
    try compare(backend, ratings, rank: rank, feedback: .explicit, nonnegative: true, biases: true)
    try compare(
      backend, ratings, rank: rank, feedback: .explicit, solver: .conjugateGradient(steps: 3), biases: true)
  }

  @Test(arguments: BackendUnderTest.devices)
  func `the objective counts biases as the reference does`(backend: BackendUnderTest) throws {
    let data = try TrainingData(
      ratings: .random(rows: 40, columns: 30, density: 0.4, values: [10, 12, 13, 17]),
      heldOut: .random(rows: 40, columns: 30, density: 0.1, values: [11, 14]))
    let parameters = try ALSParameters(rank: 5, biases: true)
    var losses: [Loss] = []
    var heldOut: [Double] = []
    for backend in [try backend.make(), ReferenceBackend()] {
      let session = try backend.makeSession(
        data: data, parameters: parameters, initial: .initial(for: data, parameters: parameters))
      for side in parameters.sides { try session.update(side) }
      losses.append(try session.loss())
      heldOut.append(try session.heldOutSquaredError())
      // Measuring leaves the factors as they were.
      #expect(try session.loss() == losses[losses.count - 1])
    }
    #expect(abs(losses[0].error - losses[1].error) <= 1e-4 * losses[1].error)
    #expect(abs(losses[0].regularization - losses[1].regularization) <= 1e-4 * losses[1].regularization)
    #expect(abs(heldOut[0] - heldOut[1]) <= 1e-4 * heldOut[1])
  }

  /// The solution of a half-step itself, whatever the reference finds: no slope at a positive factor, none downwards at a zero.
  /// With ratings of both signs, about half of the factors of a row are zero.
  @Test(arguments: BackendUnderTest.devices, [12, 64])
  func `nonnegative factors satisfy the conditions of Karush, Kuhn and Tucker`(backend: BackendUnderTest, rank: Int)
    throws
  {
    let ratings = CSRMatrix.random(rows: 60, columns: 300, density: 0.5, values: [-2, -1, 1, 3, 5])
    let parameters = try ALSParameters(rank: rank, nonnegative: true)
    let data = try TrainingData(ratings: ratings)
    let items = FactorMatrix.random(rows: 300, rank: rank, seed: 5)
    let session = try backend.make().makeSession(
      data: data, parameters: parameters, initial: Factors(user: FactorMatrix(zeros: 60, rank: rank), item: items))
    try session.update(.user)
    let users = try session.factors(of: .user)
    let regularization = data.regularization(of: .user, parameters: parameters)
    var zeros = 0
    for row in 0..<60 {
      let equations = NormalEquations(
        row: row, of: ratings, fixed: items, feedback: .explicit, regularization: regularization[row], gramian: nil)
      #expect(equations.nonnegativeResidual(of: users[row].map(Double.init)) <= 1e-5)
      zeros += users[row].count { $0 == 0 }
    }
    #expect(zeros > 60 * rank / 5 && zeros < 60 * rank * 4 / 5, "\(zeros) of \(60 * rank) are zero")
  }

  /// Factors that differ in their last bits round to different halves now and then, so that iterations part by more than the
  /// arithmetic of one half-step does.
  @Test(arguments: BackendUnderTest.devices, [7, 64, 129])
  func `float16 storage agrees with the reference that rounds the fixed factors likewise`(
    backend: BackendUnderTest, rank: Int
  ) throws {
    for feedback in [Feedback.explicit, .implicit(alpha: 2)] {
      let ratings = CSRMatrix.random(rows: 90, columns: 70, density: 0.3)
      let data = try TrainingData(ratings: ratings)
      let parameters = try ALSParameters(rank: rank, feedback: feedback, precision: .float16)
      let initial = Factors(
        user: .initial(for: ratings, parameters: parameters), item: FactorMatrix(zeros: 70, rank: rank))
      let items = try [ReferenceBackend(), backend.make()].map { (backend: any Backend) in
        let session = try backend.makeSession(data: data, parameters: parameters, initial: initial)
        try session.update(.item)
        return try session.factors(of: .item)
      }
      #expect(items[1].relativeError(to: items[0]) <= Self.tolerance)
      try compare(backend, ratings, rank: rank, feedback: feedback, precision: .float16, tolerance: 1e-3)
    }
  }

  /// Rows of 0, 1, 7, 8, 9, ... ratings, around every length at which another form is chosen.
  @Test(arguments: BackendUnderTest.devices, [16, 64, 100])
  func `rows shorter than the rank agree`(backend: BackendUnderTest, rank: Int) throws {
    let lengths = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 55, 56, 57, 63, 64, 65, 87, 88, 89, 99, 100, 101, 120]
    let philox = Philox(seed: 8)
    let entries = lengths.enumerated().flatMap { row, length in
      (0..<length).map { k in
        (row, (k * 7 + row) % 131, Float(philox.block(UInt64(row * 1000 + k), stream: 0)[0] % 5) + 1)
      }
    }
    let ratings = CSRMatrix(rows: lengths.count, columns: 131, entries)
    for (regularization, exponent) in [(0.1, 1.0), (4, 0)] {
      try compare(
        backend, ratings, rank: rank, regularization: regularization, regularizationExponent: exponent,
        feedback: .explicit)
    }
    try compare(backend, ratings, rank: rank, feedback: .implicit(alpha: 3))
  }

  @Test(arguments: BackendUnderTest.devices, [1, 7, 33, 64, 128, 200])
  func `conjugate gradient steps agree`(backend: BackendUnderTest, rank: Int) throws {
    for feedback in [Feedback.explicit, .implicit(alpha: 2)] {
      try compare(
        backend, .random(rows: 90, columns: 70, density: 0.3), rank: rank, feedback: feedback,
        solver: .conjugateGradient(steps: 3))
    }
  }

  /// The method ends after as many steps as there are unknowns, but for rounding.
  @Test(arguments: BackendUnderTest.devices, [Feedback.explicit, .implicit(alpha: 2)])
  func `many conjugate gradient steps agree with Cholesky`(backend: BackendUnderTest, feedback: Feedback) throws {
    let data = try TrainingData(ratings: .random(rows: 90, columns: 70, density: 0.3))
    func factors(_ backend: any Backend, _ solver: Solver) throws -> Factors {
      try Trainer(
        backend: backend, parameters: ALSParameters(rank: 12, iterations: 3, feedback: feedback, solver: solver)
      ).train(data).state.factors
    }
    let exact = try factors(ReferenceBackend(), .cholesky)
    let stepped = try factors(backend.make(), .conjugateGradient(steps: 40))
    for side in Side.allCases { #expect(stepped[side].relativeError(to: exact[side]) <= Self.tolerance) }
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
