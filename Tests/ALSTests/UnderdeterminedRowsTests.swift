import ALS
import ALSTestSupport
import Testing

/// Without regularization a row with fewer ratings than unknowns has no unique solution: that is said before training.
struct UnderdeterminedRowsTests {
  private func train(
    _ entries: [(Int, Int, Float)], rows: Int = 3, columns: Int = 3, rank: Int = 2, regularization: Double = 0,
    feedback: Feedback = .explicit, backend: RecordingBackend = RecordingBackend()
  ) throws {
    let parameters = try ALSParameters(
      rank: rank, iterations: 1, regularization: regularization, feedback: feedback)
    let data = try TrainingData(ratings: CSRMatrix(rows: rows, columns: columns, entries))
    _ = try Trainer(backend: backend, parameters: parameters).train(data)
  }

  /// Two ratings in every row and column.
  private static let enough: [(Int, Int, Float)] = [(0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 2, 1), (2, 0, 1), (2, 2, 1)]

  @Test func `as many ratings as the rank in every row are enough`() throws {
    try train(Self.enough)
  }

  @Test func `a row with fewer ratings than the rank is named, and no session is made`() {
    let backend = RecordingBackend()
    #expect(throws: ALSError.singularSystem(side: .item, row: 0, id: nil)) {
      try train(Self.enough, rank: 3, backend: backend)
    }
    // Every item has two or three ratings; user 1 is the first to have one.
    let shortUser: [(Int, Int, Float)] = [
      (0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 0, 1), (2, 1, 1), (2, 2, 1), (3, 0, 1),
    ]
    #expect(throws: ALSError.singularSystem(side: .user, row: 1, id: nil)) {
      try train(shortUser, rows: 4, backend: backend)
    }
    #expect(backend.log.isEmpty)
  }

  @Test func `a duplicated pair is one equation`() {
    // Item 0 is rated twice, but both times by user 0.
    let entries: [(Int, Int, Float)] = [(0, 0, 1), (0, 0, 2), (0, 1, 1), (1, 1, 1), (1, 2, 1), (0, 2, 1)]
    #expect(throws: ALSError.singularSystem(side: .item, row: 0, id: nil)) { try train(entries, rows: 2) }
  }

  @Test func `rows without ratings, or with zeros only, are solved by zeros`() throws {
    // Row and column 3 are empty; item 4 has a single rating of 0.
    try train(Self.enough + [(0, 4, 0)], rows: 4, columns: 5)
  }

  @Test func `any regularization is enough, and so is implicit training`() throws {
    try train([(0, 0, 1)], regularization: 1e-6)
    try train([(0, 0, 1)], feedback: .implicit(alpha: 1))
  }
}
