import ALS
import ALSTestSupport
import Testing

struct WarmStartTests {
  private let parameters: ALSParameters
  private let model: Model

  init() throws {
    parameters = try ALSParameters(rank: 3, initialNorm: 2)
    model = Model(
      parameters: parameters, users: try IDIndex(["a", "b", "c"]), items: try IDIndex(["x", "y"]),
      state: TrainingState(
        history: [],
        factors: Factors(user: .random(rows: 3, rank: 3, seed: 1), item: .random(rows: 2, rank: 3, seed: 2))),
      ratings: nil, ratingCount: 1, ratingsFingerprint: 0, device: "reference")
  }

  @Test func `known rows bring their factors along, whatever their place`() throws {
    // User d is new, a has no ratings here, c and b come in another order; item z is new.
    let data = try TrainingData(
      ratings: CSRMatrix(rows: 4, columns: 3, [(0, 0, 1), (1, 1, 1), (2, 2, 4)]))
    let start = try Factors.warmStart(
      from: model, users: try IDIndex(["d", "c", "b", "a"]), items: try IDIndex(["y", "z", "x"]), data: data,
      parameters: parameters)
    #expect(start.knownUsers == 2)
    #expect(start.knownItems == 2)
    let initial = FactorMatrix.initial(for: data.byUser, parameters: parameters)
    #expect(start.factors.user[0] == initial[0])
    #expect(Array(start.factors.user[1]) == Array(model.factors.user[2]))
    #expect(Array(start.factors.user[2]) == Array(model.factors.user[1]))
    #expect(Array(start.factors.user[3]) == [0, 0, 0])
    #expect(Array(start.factors.item[0]) == Array(model.factors.item[1]))
    #expect(Array(start.factors.item[1]) == [0, 0, 0])
    #expect(Array(start.factors.item[2]) == Array(model.factors.item[0]))
  }
}
