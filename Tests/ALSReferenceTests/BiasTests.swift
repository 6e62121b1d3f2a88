import ALS
import ALSReference
import ALSTestSupport
import Testing

struct BiasTests {
  /// Ratings that users and items explain without each other: 20 + 2u + 3i.
  private static let additive = CSRMatrix(
    rows: 9, columns: 7, (0..<9).flatMap { user in (0..<7).map { (user, $0, Float(20 + 2 * user + 3 * $0)) } })

  @Test func `ratings that are sums need no factors`() throws {
    let parameters = try ALSParameters(rank: 1, iterations: 60, regularization: 1e-4, biases: true, initialNorm: 1e-3)
    let state = try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: Self.additive)).state
    let biases = try #require(state.factors.biases)
    #expect(biases.mean == 37)
    #expect(try #require(state.history.last?.trainRMSE) < 0.01)
    // Neighbouring users differ by 2, neighbouring items by 3.
    let scores = state.factors.withBiasesAsFactors
    #expect(abs(scores.score(user: 3, item: 4) - scores.score(user: 2, item: 4) - 2) < 0.02)
    #expect(abs(scores.score(user: 3, item: 4) - scores.score(user: 3, item: 3) - 3) < 0.02)
  }

  /// Σ (r − μ − b_u − b_i − xᵀy)² + λ Σ n (‖·‖² + b²), worked out here once more.
  private func objective(_ factors: Factors, _ data: TrainingData, _ parameters: ALSParameters) throws -> Double {
    let biases = try #require(factors.biases)
    var sum = 0.0
    for user in 0..<data.byUser.rowCount {
      for entry in data.byUser.entries(ofRow: user) {
        let item = Int(data.byUser.columnIndices[entry])
        let dot = zip(factors.user[user], factors.item[item]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let difference =
          Double(data.byUser.values[entry]) - Double(biases.mean) - Double(biases.user[user])
          - Double(biases.item[item])
          - dot
        sum += difference * difference
      }
    }
    for side in Side.allCases {
      for row in 0..<data[side].rowCount {
        let squares = factors[side][row].reduce(pow2(biases[side][row])) { $0 + pow2($1) }
        sum += parameters.regularization * Double(data[side].entries(ofRow: row).count) * squares
      }
    }
    return sum
  }

  private func pow2(_ value: Float) -> Double { Double(value) * Double(value) }

  @Test func `each half-step finds the least objective of its side, bias by bias`() throws {
    let data = try TrainingData(ratings: .random(rows: 12, columns: 9, density: 0.6, values: [3, 5, 8, 9]))
    let parameters = try ALSParameters(rank: 2, biases: true)
    let session = try ReferenceBackend().makeSession(
      data: data, parameters: parameters, initial: .initial(for: data, parameters: parameters))
    let mean = data.byUser.values.reduce(0, +) / Float(data.byUser.entryCount)
    #expect(abs(mean - data.meanRating) < 1e-5)
    for side in parameters.sides {
      try session.update(side)
      let factors = Factors(
        user: try session.factors(of: .user), item: try session.factors(of: .item),
        biases: Biases(
          mean: data.meanRating, user: try #require(try session.biases(of: .user)),
          item: try #require(try session.biases(of: .item))))
      let least = try objective(factors, data, parameters)
      let loss = try session.loss()
      #expect(abs(loss.objective - least) < 1e-4 * least)
      for row in 0..<data[side].rowCount where !data[side].entries(ofRow: row).isEmpty {
        for step: Float in [-0.01, 0.01] {
          var moved = factors
          if side == .user { moved.biases?.user[row] += step } else { moved.biases?.item[row] += step }
          #expect(try objective(moved, data, parameters) > least)
        }
      }
    }
  }

  @Test func `biases and implicit feedback exclude each other`() {
    #expect(throws: ALSError.self) { try ALSParameters(feedback: .implicit(alpha: 1), biases: true) }
  }

  @Test func `a saved state without biases does not fit a run with them`() throws {
    let data = try TrainingData(ratings: Self.additive)
    let plain = try Trainer(backend: ReferenceBackend(), parameters: ALSParameters(rank: 2, iterations: 1)).train(data)
    let trainer = Trainer(
      backend: ReferenceBackend(), parameters: try ALSParameters(rank: 2, iterations: 3, biases: true))
    #expect(throws: ALSError.self) { try trainer.train(data, from: plain.state) }
  }
}
