import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import Testing

/// Rows that are folded in against a half-step over all rows, on the reference and on every device.
struct FoldInTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var feedback: Feedback
    var nonnegative = false
    var biases = false
    var testDescription: String { "\(feedback)\(nonnegative ? ", nonnegative" : "")\(biases ? ", biases" : "")" }
  }

  private static let before = CSRMatrix.random(rows: 60, columns: 40, density: 0.3)

  /// Two users and an item more; changes and deletions among the others.
  private static let change = RatingChanges(
    upserts: CSRMatrix(
      rows: 62, columns: 41,
      [(3, 5, 4), (3, 40, 2), (10, 0, 1), (60, 1, 5), (60, 2, 3), (60, 40, 4), (61, 40, 1)]),
    deletions: CSRMatrix(rows: 62, columns: 41, before.entries(ofRow: 7).map { (7, Int(before.columnIndices[$0]), 1) })
  ).applied(to: before)

  @Test(
    arguments: BackendUnderTest.available,
    [
      Case(feedback: .explicit), Case(feedback: .implicit(alpha: 2)), Case(feedback: .explicit, biases: true),
      Case(feedback: .explicit, nonnegative: true), Case(feedback: .implicit(alpha: 2), nonnegative: true),
      Case(feedback: .explicit, nonnegative: true, biases: true),
    ])
  func `changed rows are those of a whole half-step, and others stay`(backend: BackendUnderTest, problem: Case) throws {
    let parameters = try ALSParameters(
      rank: 12, iterations: 3, feedback: problem.feedback, nonnegative: problem.nonnegative, biases: problem.biases)
    let backend = try backend.make()
    let trained = try Trainer(backend: backend, parameters: parameters).train(TrainingData(ratings: Self.before))
    let old = trained.state.factors
    let new = try FoldIn(backend: backend, parameters: parameters).factors(after: Self.change, from: old)
    #expect(new.user.rowCount == 62 && new.item.rowCount == 41)
    #expect(Self.change.users == [3, 7, 10, 60, 61])

    // A half-step of all users from the items as they are now.
    let session = try backend.makeSession(
      data: TrainingData(ratings: Self.change.ratings), parameters: parameters, initial: new)
    try session.update(.user)
    let whole = try session.factors(of: .user)
    for row in Self.change.users {
      let (found, wanted) = (
        FactorMatrix(rank: 12, values: Array(new.user[row])), FactorMatrix(rank: 12, values: Array(whole[row]))
      )
      if row == 7 {
        #expect(new.user[row].allSatisfy { $0 == 0 }, "without ratings there is nothing left")
      } else {
        // Not relative to a row that may be all zeros.
        for (a, b) in zip(found.values, wanted.values) { #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "user \(row)") }
      }
      if let biases = try session.biases(of: .user) {
        #expect(abs((new.biases?.user[row] ?? .nan) - biases[row]) <= 1e-5, "user \(row)")
      }
    }
    for row in 0..<60 where !Self.change.users.contains(row) { #expect(new.user[row] == old.user[row]) }
    for row in 0..<40 {
      #expect((new.item[row] == old.item[row]) == !Self.change.items.contains(row), "item \(row)")
    }
    // The new item comes from users 3 and 60, of whom one was there before.
    #expect(new.item[40].contains { $0 != 0 })
  }

  @Test func `items can be kept`() throws {
    let parameters = try ALSParameters(rank: 5, iterations: 2)
    let old = try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: Self.before)).state.factors
    let new = try FoldIn(backend: ReferenceBackend(), parameters: parameters)
      .factors(after: Self.change, from: old, keepingItems: true)
    #expect(new.item.values == old.item.values + [Float](repeating: 0, count: 5))
    #expect(new.user[60].contains { $0 != 0 } && new.user[3] != old.user[3])
  }

  @Test func `the row of an error is that of all ratings`() throws {
    let parameters = try ALSParameters(rank: 2, iterations: 1, regularization: 0)
    let ratings = CSRMatrix.random(rows: 20, columns: 15, density: 0.9)
    let factors = try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: ratings)).state.factors
    let none = CSRMatrix(rows: 22, columns: 15, [])
    // A user with one rating has no unique solution of rank 2.
    let change = RatingChanges(upserts: CSRMatrix(rows: 22, columns: 15, [(21, 3, 2)]), deletions: none).applied(
      to: ratings)
    #expect(throws: ALSError.singularSystem(side: .user, row: 21, id: nil)) {
      try FoldIn(backend: ReferenceBackend(), parameters: parameters).factors(after: change, from: factors)
    }
  }
}
