import ALS
import ALSTestSupport
import Testing

struct RatingChangesTests {
  private static let before = CSRMatrix(rows: 3, columns: 3, [(0, 0, 1), (0, 2, 2), (1, 1, 3), (2, 0, 4)])

  private func apply(
    _ upserts: [(Int, Int, Float)], _ deletions: [(Int, Int)] = [], rows: Int = 3, columns: Int = 3,
    to matrix: CSRMatrix = before
  ) -> RatingChanges.Outcome {
    RatingChanges(
      upserts: CSRMatrix(rows: rows, columns: columns, upserts),
      deletions: CSRMatrix(rows: rows, columns: columns, deletions.map { ($0.0, $0.1, 1) })
    ).applied(to: matrix)
  }

  @Test func `ratings are added, changed and deleted in their places`() {
    let outcome = apply([(0, 1, 9), (0, 2, 8), (2, 0, 4)], [(1, 1), (1, 2)])
    #expect(outcome.ratings == CSRMatrix(rows: 3, columns: 3, [(0, 0, 1), (0, 1, 9), (0, 2, 8), (2, 0, 4)]))
    #expect((outcome.added, outcome.changed, outcome.deleted, outcome.withoutEffect) == (1, 1, 1, 2))
    #expect(outcome.users == [0, 1])
    #expect(outcome.items == [1, 2])
  }

  @Test func `new rows and columns come behind`() {
    let outcome = apply([(4, 3, 5), (1, 3, 6)], rows: 5, columns: 4)
    #expect(
      outcome.ratings
        == CSRMatrix(rows: 5, columns: 4, [(0, 0, 1), (0, 2, 2), (1, 1, 3), (1, 3, 6), (2, 0, 4), (4, 3, 5)]))
    #expect(outcome.users == [1, 4] && outcome.items == [3] && outcome.added == 2)
  }

  @Test func `the same changes twice have no effect the second time`() {
    let changes: [(Int, Int, Float)] = [(0, 1, 9), (0, 2, 8)]
    let once = apply(changes, [(1, 1)])
    let twice = apply(changes, [(1, 1)], to: once.ratings)
    #expect(!once.isEmpty && twice.isEmpty)
    #expect(twice.ratings == once.ratings && twice.users.isEmpty && twice.items.isEmpty)
    #expect(twice.withoutEffect == 3)
  }

  @Test func `a pair that is in both goes`() {
    let outcome = apply([(0, 0, 7), (1, 0, 7)], [(0, 0), (1, 0)])
    #expect(outcome.ratings == CSRMatrix(rows: 3, columns: 3, [(0, 2, 2), (1, 1, 3), (2, 0, 4)]))
    #expect(outcome.deleted == 1 && outcome.added == 0 && outcome.withoutEffect == 1)
  }

  @Test func `several entries of one pair become one`() {
    let kept = CSRMatrix(columnCount: 2, rowOffsets: [0, 3], columnIndices: [0, 0, 1], values: [1, 2, 3])
    let outcome = apply([(0, 0, 2)], rows: 1, columns: 2, to: kept)
    #expect(outcome.ratings == CSRMatrix(rows: 1, columns: 2, [(0, 0, 2), (0, 1, 3)]))
    #expect(outcome.changed == 1)
    #expect(apply([], [(0, 0)], rows: 1, columns: 2, to: kept).deleted == 2)
    #expect(apply([], rows: 1, columns: 2, to: kept).ratings == kept)
  }

  @Test func `indices grow behind what is there, as texts if need be`() throws {
    let numbers = try IDIndex(["5", "3"])
    let more = try numbers.appending(["1", "9"])
    #expect((0..<4).map { more[$0] } == ["5", "3", "1", "9"])
    #expect(more.row(of: "1") == 2 && more.row(of: "5") == 0)
    let texts = try numbers.appending(["x", "007"])
    #expect((0..<4).map { texts[$0] } == ["5", "3", "x", "007"])
    #expect(texts.row(of: "007") == 3 && texts.row(of: "3") == 1 && texts.row(of: "7") == nil)
    #expect(try numbers.appending([]) == numbers)
    #expect(throws: ALSError.duplicateID("3")) { try numbers.appending(["3"]) }
  }
}
