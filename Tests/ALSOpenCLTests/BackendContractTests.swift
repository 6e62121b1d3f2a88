import ALS
import ALSTestSupport
import Testing

/// What every backend must do, whatever computes it.
struct BackendContractTests {
  private func session(
    _ backend: BackendUnderTest, _ ratings: CSRMatrix, _ parameters: ALSParameters, user: FactorMatrix,
    heldOut: CSRMatrix? = nil, item: FactorMatrix? = nil
  ) throws -> any TrainingSession {
    try backend.make().makeSession(
      data: TrainingData(ratings: ratings, heldOut: heldOut), parameters: parameters,
      initial: Factors(user: user, item: item ?? FactorMatrix(zeros: ratings.columnCount, rank: parameters.rank)))
  }

  @Test(arguments: BackendUnderTest.available)
  func `explicit normal equations match a solution by hand`(backend: BackendUnderTest) throws {
    // One item, rated 3 by x0 = (1, 0) and 1 by x1 = (1, 1), λ = 0.5, n = 2:
    // A = [[2, 1], [1, 1]] + 1·I = [[3, 1], [1, 2]], b = 3·(1, 0) + 1·(1, 1) = (4, 1), A⁻¹b = (7, -1) / 5.
    let session = try session(
      backend, CSRMatrix(rows: 2, columns: 1, [(0, 0, 3), (1, 0, 1)]),
      ALSParameters(rank: 2, regularization: 0.5), user: FactorMatrix(rank: 2, values: [1, 0, 1, 1]))
    try session.update(.item)
    let y = try session.factors(of: .item).values
    #expect(abs(y[0] - 1.4) < 1e-6 && abs(y[1] + 0.2) < 1e-6)
  }

  @Test(arguments: BackendUnderTest.available)
  func `implicit normal equations match a solution by hand`(backend: BackendUnderTest) throws {
    // X = [[1, 0], [1, 1]]; the only item has r = 2 from user 0 and r = -1 from user 1; α = 3, λ = 0.5, n₊ = 1:
    // XᵀX = [[2, 1], [1, 1]]; Σ α|r| x xᵀ = 6·[[1, 0], [0, 0]] + 3·[[1, 1], [1, 1]];
    // A = [[11, 4], [4, 4]] + 0.5·I = [[11.5, 4], [4, 4.5]], b = (1 + 6)·(1, 0) = (7, 0), det = 35.75.
    let session = try session(
      backend, CSRMatrix(rows: 2, columns: 1, [(0, 0, 2), (1, 0, -1)]),
      ALSParameters(rank: 2, regularization: 0.5, feedback: .implicit(alpha: 3)),
      user: FactorMatrix(rank: 2, values: [1, 0, 1, 1]))
    try session.update(.item)
    let y = try session.factors(of: .item).values
    #expect(abs(y[0] - 31.5 / 35.75) < 1e-6 && abs(y[1] + 28 / 35.75) < 1e-6)
  }

  @Test(arguments: BackendUnderTest.available, [0.0, 0.5, 1.0])
  func `a row with one rating has the closed form`(backend: BackendUnderTest, exponent: Double) throws {
    // x = r y / (‖y‖² + λ), whatever the exponent, for 1^ν = 1.
    let rank = 5
    let user = FactorMatrix.random(rows: 3, rank: rank, seed: 5)
    let session = try session(
      backend, CSRMatrix(rows: 3, columns: 2, [(0, 0, 4), (1, 1, 2), (2, 1, 5)]),
      ALSParameters(rank: rank, regularization: 0.3, regularizationExponent: exponent), user: user)
    try session.update(.item)
    let y = try session.factors(of: .item)
    let norm = user[0].reduce(0) { $0 + $1 * $1 }
    for (a, x) in zip(y[0], user[0]) { #expect(abs(a - 4 * x / (norm + 0.3)) < 1e-5) }
  }

  @Test(arguments: BackendUnderTest.available, [0.0, 0.5, 1.0, 1.5])
  func `the regularization grows with the number of ratings to the exponent`(
    backend: BackendUnderTest, exponent: Double
  )
    throws
  {
    // Rank 1, four ratings of r = 2 by x = 1: y = 8 / (4 + λ 4^ν).
    let session = try session(
      backend, CSRMatrix(rows: 4, columns: 1, (0..<4).map { ($0, 0, 2) }),
      ALSParameters(rank: 1, regularization: 0.7, regularizationExponent: exponent),
      user: FactorMatrix(rank: 1, values: [1, 1, 1, 1]))
    try session.update(.item)
    let powers: [Double: Double] = [0: 1, 0.5: 2, 1: 4, 1.5: 8]
    let expected = try 8 / (4 + 0.7 * #require(powers[exponent]))
    #expect(abs(Double(try session.factors(of: .item).values[0]) - expected) < 1e-6)
  }

  @Test(arguments: BackendUnderTest.available, [Feedback.explicit, .implicit(alpha: 1)])
  func `rows without ratings get zeros`(backend: BackendUnderTest, feedback: Feedback) throws {
    let ratings = CSRMatrix(rows: 4, columns: 3, [(0, 0, 1), (3, 0, 2), (3, 2, 1)])
    let session = try session(
      backend, ratings, ALSParameters(rank: 3, feedback: feedback), user: .random(rows: 4, rank: 3, seed: 1))
    try session.update(.item)
    try session.update(.user)
    #expect(try session.factors(of: .item)[1].allSatisfy { $0 == 0 })
    #expect(try session.factors(of: .user)[1].allSatisfy { $0 == 0 })
    #expect(try session.factors(of: .user)[0].contains { $0 != 0 })
  }

  @Test(arguments: BackendUnderTest.available)
  func `a row with only negative ratings gets zeros in implicit training`(backend: BackendUnderTest) throws {
    let ratings = CSRMatrix(rows: 3, columns: 2, [(0, 0, 1), (1, 0, 3), (1, 1, -2), (2, 1, -1)])
    let session = try session(
      backend, ratings, ALSParameters(rank: 2, feedback: .implicit(alpha: 4)), user: .random(rows: 3, rank: 2, seed: 1))
    try session.update(.item)
    try session.update(.user)
    #expect(try session.factors(of: .item)[1].allSatisfy { $0 == 0 })
    #expect(try session.factors(of: .user)[2].allSatisfy { $0 == 0 })
  }

  @Test(arguments: BackendUnderTest.available, [1, 7, 33])
  func `a Gramian from outside stands for fixed rows that are not there`(backend: BackendUnderTest, rank: Int) throws {
    let ratings = CSRMatrix.random(rows: 40, columns: 30, density: 0.2)
    let items = FactorMatrix.random(rows: 50, rank: rank, seed: 3)
    let user = FactorMatrix(zeros: 40, rank: rank)
    let parameters = try ALSParameters(rank: rank, regularization: 0.4, feedback: .implicit(alpha: 2))
    // Twenty items more that none of these users rated.
    let all = CSRMatrix(
      columnCount: 50, rowOffsets: ratings.rowOffsets, columnIndices: ratings.columnIndices, values: ratings.values)
    let whole = try session(backend, all, parameters, user: user, item: items)
    try whole.update(.user)
    var gramian = [Float](repeating: 0, count: rank * rank)
    for row in 0..<50 {
      for i in 0..<rank {
        for j in 0..<rank { gramian[i * rank + j] += items.values[row * rank + i] * items.values[row * rank + j] }
      }
    }
    let rated = FactorMatrix(rank: rank, values: Array(items.values.prefix(30 * rank)))
    let part = try backend.make().makeSession(
      data: TrainingData(byUserAlone: ratings), parameters: parameters, initial: Factors(user: user, item: rated))
    try part.update(.user, gramian: FactorMatrix(rank: rank, values: gramian))
    #expect(try part.factors(of: .user).relativeError(to: whole.factors(of: .user)) < 1e-4)
    try part.update(.user)
    #expect(try part.factors(of: .user).relativeError(to: whole.factors(of: .user)) > 1e-2)
  }

  @Test(arguments: BackendUnderTest.available)
  func `duplicated pairs count twice`(backend: BackendUnderTest) throws {
    // As Spark: rank 1, x = 1, ratings 1 and 3 of one pair, λ = 1, n = 2: y = (1 + 3) / (2 + 2).
    let session = try session(
      backend, CSRMatrix(rows: 1, columns: 1, [(0, 0, 1), (0, 0, 3)]), ALSParameters(rank: 1, regularization: 1),
      user: FactorMatrix(rank: 1, values: [1]))
    try session.update(.item)
    #expect(abs(try session.factors(of: .item).values[0] - 1) < 1e-6)
  }

  @Test(arguments: BackendUnderTest.available, [3, 40, 200])
  func `a singular system names the lowest row`(backend: BackendUnderTest, rank: Int) throws {
    // Without regularization, a row with one rating has no unique solution.
    let ratings = CSRMatrix(rows: 400, columns: 3, (0..<400).map { ($0, 0, 1) } + [(5, 1, 2), (9, 2, 1)])
    let session = try session(
      backend, ratings, ALSParameters(rank: rank, regularization: 0), user: .random(rows: 400, rank: rank, seed: 2))
    #expect(throws: ALSError.singularSystem(side: .item, row: 1, id: nil)) { try session.update(.item) }
  }

  @Test(arguments: BackendUnderTest.available)
  func `fewer ratings than the rank without regularization is refused before training`(backend: BackendUnderTest) throws
  {
    let ratings = CSRMatrix(rows: 4, columns: 2, [(0, 0, 1), (1, 0, 2), (2, 0, 3), (0, 1, 1), (3, 1, 2)])
    let trainer = try Trainer(backend: backend.make(), parameters: ALSParameters(rank: 3, regularization: 0))
    #expect(throws: ALSError.singularSystem(side: .item, row: 1, id: nil)) {
      try trainer.train(TrainingData(ratings: ratings))
    }
  }

  @Test(arguments: BackendUnderTest.available)
  func `overflow is an error and not a NaN`(backend: BackendUnderTest) throws {
    let session = try session(
      backend, CSRMatrix(rows: 2, columns: 2, [(0, 0, 1), (0, 1, 3e38), (1, 1, 3e38)]),
      ALSParameters(rank: 2, regularization: 1e-3, regularizationExponent: 0),
      user: FactorMatrix(rank: 2, values: [0.01, 0, 0.01, 0.01]))
    #expect(throws: ALSError.overflow(side: .item, row: 1, id: nil)) { try session.update(.item) }
  }

  @Test(arguments: BackendUnderTest.available, [Feedback.explicit, .implicit(alpha: 3)])
  func `the loss equals a sum over all pairs`(backend: BackendUnderTest, feedback: Feedback) throws {
    let ratings = CSRMatrix.random(rows: 12, columns: 9, density: 0.4, values: [-1, 0, 1, 2, 5])
    let user = FactorMatrix.random(rows: 12, rank: 3, seed: 1)
    let item = FactorMatrix.random(rows: 9, rank: 3, seed: 2)
    let parameters = try ALSParameters(rank: 3, regularization: 0.4, feedback: feedback)
    let session = try session(backend, ratings, parameters, user: user, item: item)
    let data = try TrainingData(ratings: ratings)

    var error = 0.0
    let rated = Dictionary(uniqueKeysWithValues: ratings.triples.map { ([$0.row, $0.column], $0.value) })
    for u in 0..<12 {
      for i in 0..<9 {
        let score = zip(user[u], item[i]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        if let rating = rated[[u, i]] {
          let difference = Double(feedback.target(of: rating)) - score
          let confidence = feedback.isImplicit ? 1 + feedback.gramianWeight(of: Double(rating)) : 1
          error += confidence * difference * difference
        } else if feedback.isImplicit {
          error += score * score
        }
      }
    }
    var penalty = 0.0
    for (side, matrix) in [(Side.user, user), (.item, item)] {
      for (row, lambda) in data.regularization(of: side, parameters: parameters).enumerated() {
        penalty += Double(lambda) * matrix[row].reduce(0.0) { $0 + Double($1) * Double($1) }
      }
    }
    let loss = try session.loss()
    #expect(abs(loss.error - error) < 1e-5 * error)
    #expect(abs(loss.regularization - penalty) < 1e-5 * penalty)
  }

  @Test(arguments: BackendUnderTest.available, [Feedback.explicit, .implicit(alpha: 3)])
  func `every half-step lowers the objective`(backend: BackendUnderTest, feedback: Feedback) throws {
    let ratings = CSRMatrix.random(rows: 60, columns: 50, density: 0.2)
    let parameters = try ALSParameters(rank: 6, feedback: feedback)
    let session = try session(
      backend, ratings, parameters, user: .initial(for: ratings, parameters: parameters))
    var last = Double.infinity
    for _ in 0..<5 {
      for side in [Side.item, .user] {
        try session.update(side)
        let objective = try session.loss().objective
        #expect(objective <= last * (1 + 1e-6))
        last = objective
      }
    }
  }

  @Test(arguments: BackendUnderTest.available)
  func `the held-out error leaves out rows without training ratings`(backend: BackendUnderTest) throws {
    let ratings = CSRMatrix(rows: 3, columns: 3, [(0, 0, 1), (1, 1, 2)])
    let heldOut = CSRMatrix(rows: 3, columns: 3, [(0, 1, 4), (2, 0, 5), (1, 2, 5)])
    let user = FactorMatrix(rank: 1, values: [1, 2, 3])
    let session = try session(
      backend, ratings, ALSParameters(rank: 1), user: user, heldOut: heldOut,
      item: FactorMatrix(rank: 1, values: [1, 0.5, 9]))
    #expect(abs(try session.heldOutSquaredError() - 3.5 * 3.5) < 1e-5)
  }

  /// As in Spark's ALSSuite: a matrix of rank 1 or 2 is recovered from part of its entries.
  @Test(arguments: BackendUnderTest.available, [(1, 1), (1, 2), (2, 2)])
  func `an exact low-rank matrix is recovered`(backend: BackendUnderTest, ranks: (truth: Int, model: Int)) throws {
    let x = FactorMatrix.random(rows: 20, rank: ranks.truth, seed: 11)
    let y = FactorMatrix.random(rows: 40, rank: ranks.truth, seed: 12)
    let truth = Factors(user: x, item: y)
    let entries = (0..<20).flatMap { u in (0..<40).map { i in (u, i, truth.score(user: u, item: i)) } }
    let split = CSRMatrix(rows: 20, columns: 40, entries).holdingOut(fraction: 0.3, seed: 1)
    let outcome = try Trainer(
      backend: backend.make(),
      parameters: ALSParameters(rank: ranks.model, iterations: 20, regularization: 1e-5)
    ).train(TrainingData(ratings: split.training, heldOut: split.heldOut))
    #expect(try #require(outcome.state.history.last?.testRMSE) < 1e-3)
  }

  @Test(arguments: BackendUnderTest.available, [Feedback.explicit, .implicit(alpha: 1)])
  func `the same run twice gives the same bits`(backend: BackendUnderTest, feedback: Feedback) throws {
    let data = try TrainingData(ratings: .random(rows: 300, columns: 200, density: 0.1))
    let trainer = try Trainer(
      backend: backend.make(), parameters: ALSParameters(rank: 20, iterations: 4, feedback: feedback))
    #expect(try trainer.train(data).state.factors == trainer.train(data).state.factors)
  }

  @Test(arguments: BackendUnderTest.available, [Feedback.explicit, .implicit(alpha: 1)])
  func `a resumed run gives the same bits`(backend: BackendUnderTest, feedback: Feedback) throws {
    let data = try TrainingData(ratings: .random(rows: 100, columns: 80, density: 0.1))
    let whole = try Trainer(
      backend: backend.make(), parameters: ALSParameters(rank: 10, iterations: 6, feedback: feedback))
    let half = try Trainer(
      backend: backend.make(), parameters: ALSParameters(rank: 10, iterations: 3, feedback: feedback))
    let checkpoint = try half.train(data).state
    let resumed = try whole.train(data, from: checkpoint).state
    #expect(resumed.history.map(\.iteration) == [1, 2, 3, 4, 5, 6])
    #expect(try resumed.factors == whole.train(data).state.factors)
  }
}
