import ALS
import ALSReference
import ALSTestSupport
import Testing

/// A model that has been updated is a function of the trained one and the present ratings.
struct ModelUpdateTests {
  /// What becomes of one pair; `nil`: it goes.
  private struct Operation {
    var user: String
    var item: String
    var rating: Float?
  }

  private static let trainedUsers = 12
  private static let trainedItems = 9

  private static func trained(_ parameters: ALSParameters, textIDs: Bool) throws -> Model {
    let ratings = CSRMatrix.random(rows: trainedUsers, columns: trainedItems, density: 0.5)
    let outcome = try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: ratings))
    return Model(
      parameters: parameters, users: try IDIndex((0..<trainedUsers).map { textIDs ? "u\($0)" : "\($0 * 3)" }),
      items: try IDIndex((0..<trainedItems).map { "\(100 + $0)" }), state: outcome.state,
      itemNames: (0..<trainedItems).map { "item \($0)" }, ratings: ratings, ratingCount: ratings.entryCount,
      ratingsFingerprint: ratings.fingerprint, device: "reference")
  }

  /// Operations on known and new users and items; some pairs come again and again.
  private static func operations(_ count: Int, textIDs: Bool, _ random: inout some RandomNumberGenerator) -> [Operation]
  {
    (0..<count).map { _ in
      let user = Int.random(in: 0..<trainedUsers + 6, using: &random)
      let item = Int.random(in: 0..<trainedItems + 5, using: &random)
      return Operation(
        user: textIDs ? "u\(user)" : "\(user * 3 % 50)", item: item < trainedItems ? "\(100 + item)" : "new\(item)",
        rating: Int.random(in: 0..<3, using: &random) == 0 ? nil : Float(Int.random(in: 1...5, using: &random)))
    }
  }

  private static func apply(_ operations: [Operation], to update: inout ModelUpdate) throws -> ModelUpdate.Effect {
    var last: [String: Operation] = [:]
    for operation in operations { last[operation.user + " " + operation.item] = operation }
    let users = Array(Set(last.values.map(\.user))).sorted()
    let items = Array(Set(last.values.map(\.item))).sorted()
    func matrix(_ operations: [Operation]) -> CSRMatrix {
      CSRMatrix(
        rows: users.count, columns: items.count,
        operations.map { (users.firstIndex(of: $0.user)!, items.firstIndex(of: $0.item)!, $0.rating ?? 0) }
          .sorted { ($0.0, $0.1) < ($1.0, $1.1) })
    }
    return try update.apply(
      upserts: matrix(last.values.filter { $0.rating != nil }),
      deletions: matrix(last.values.filter { $0.rating == nil }),
      users: IDIndex(users), items: IDIndex(items))
  }

  private static func expectEqual(_ first: Model, _ second: Model, _ what: Comment) {
    #expect(first.users == second.users, what)
    #expect(first.items == second.items, what)
    #expect(first.ratings == second.ratings, what)
    #expect(first.ratingsFingerprint == second.ratingsFingerprint && first.ratingCount == second.ratingCount, what)
    #expect(first.factors == second.factors, what)
    #expect(first.itemNames == second.itemNames, what)
  }

  @Test(arguments: [Feedback.explicit, .implicit(alpha: 3)], [false, true])
  func `changes in any batches, twice and out of order come to the same model`(
    _ feedback: Feedback, _ textIDs: Bool
  ) throws {
    let parameters = try ALSParameters(
      rank: 4, iterations: 2, feedback: feedback, biases: feedback == .explicit && textIDs)
    var random = SplitMix(state: 7)
    let model = try Self.trained(parameters, textIDs: textIDs)
    for round in 0..<6 {
      let operations = Self.operations(40, textIDs: textIDs, &random)
      var atOnce = ModelUpdate(model, ratings: model.ratings!)
      _ = try Self.apply(operations, to: &atOnce)
      try atOnce.solve(on: ReferenceBackend())

      var inBatches = ModelUpdate(model, ratings: model.ratings!)
      var start = 0
      while start < operations.count {
        let end = min(operations.count, start + Int.random(in: 1...9, using: &random))
        _ = try Self.apply(Array(operations[start..<end]), to: &inBatches)
        if Bool.random(using: &random) {
          try inBatches.solve(on: ReferenceBackend(), keepingItems: Bool.random(using: &random))
        }
        // As if the run had been killed and begun again with what was saved.
        if Bool.random(using: &random), inBatches.model.baseline != nil {
          try inBatches.solve(on: ReferenceBackend())
          inBatches = ModelUpdate(inBatches.model, ratings: inBatches.model.ratings!)
        }
        // A part that comes late is followed by all that came after it.
        start = Int.random(in: 0..<5, using: &random) == 0 ? Int.random(in: 0...start, using: &random) : end
      }
      try inBatches.solve(on: ReferenceBackend())
      Self.expectEqual(atOnce.model, inBatches.model, "round \(round)")
      #expect(atOnce.changeCount == inBatches.changeCount)
    }
  }

  @Test func `changes that are taken back leave the trained model`() throws {
    let model = try Self.trained(try ALSParameters(rank: 4, iterations: 2, biases: true), textIDs: true)
    let ratings = try #require(model.ratings)
    let known = Int(ratings.columnIndices[0])
    let absent = try #require(
      (0..<Self.trainedItems).first { !ratings.columnIndices[ratings.entries(ofRow: 0)].contains(Int32($0)) })
    var update = ModelUpdate(model, ratings: ratings)
    let there = [
      Operation(user: "u0", item: "\(100 + known)", rating: 77),
      Operation(user: "u0", item: "\(100 + absent)", rating: 1),
      Operation(user: "someone", item: "101", rating: 3), Operation(user: "u2", item: "something", rating: 2),
      Operation(user: "someone", item: "something", rating: 2),
    ]
    let effect = try Self.apply(there, to: &update)
    #expect((effect.added, effect.changed, effect.deleted) == (4, 1, 0))
    let solved = try update.solve(on: ReferenceBackend())
    // u0, u2 and someone; the four items.
    #expect(solved.users == 3 && solved.items == Set([known, absent, 1]).count + 1)
    #expect(update.changeCount == 5 && update.model.users.count == 13 && update.model.items.count == 10)
    #expect(update.model.factors != model.factors)
    let back = [
      Operation(user: "u0", item: "\(100 + known)", rating: ratings.values[0]),
      Operation(user: "u0", item: "\(100 + absent)", rating: nil), Operation(user: "someone", item: "101", rating: nil),
      Operation(user: "u2", item: "something", rating: nil), Operation(user: "someone", item: "something", rating: nil),
    ]
    _ = try Self.apply(back, to: &update)
    #expect(update.changeCount == 0)
    try update.solve(on: ReferenceBackend())
    Self.expectEqual(update.model, model, "as if nothing had been")
    #expect(update.model.baseline?.users.rows == [] && update.model.baseline?.ratings.entryCount == 0)
  }

  @Test func `without any ratings left nothing changes`() throws {
    let model = try Self.trained(try ALSParameters(rank: 4, iterations: 1), textIDs: true)
    let ratings = try #require(model.ratings)
    var update = ModelUpdate(model, ratings: ratings)
    let none = CSRMatrix(rows: Self.trainedUsers, columns: Self.trainedItems, [])
    #expect(throws: ALSError.noRatings) {
      try update.apply(upserts: none, deletions: ratings, users: model.users, items: model.items)
    }
    Self.expectEqual(update.model, model, "untouched")
  }
}

/// Numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
