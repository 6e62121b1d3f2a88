import ALS
import ALSTestSupport
import Testing

struct CSRMatrixTests {
  private static let sample = CSRMatrix(
    columnCount: 3, rowOffsets: [0, 2, 2, 3], columnIndices: [0, 2, 1], values: [4, 5, 1])

  @Test func `rows, entries and columns are counted`() {
    #expect(Self.sample.rowCount == 3)
    #expect(Self.sample.columnCount == 3)
    #expect(Self.sample.entryCount == 3)
    #expect((0..<3).map(Self.sample.entries(ofRow:)) == [0..<2, 2..<2, 2..<3])
    #expect(Self.sample.isValid)
  }

  @Test func `entries in any order make a matrix, equal pairs in the order given`() {
    let matrix = CSRMatrix(
      rowCount: 3, columnCount: 3, entries: [(2, 1, 1), (0, 2, 5), (0, 0, 4), (2, 1, 2)])
    #expect(
      matrix
        == CSRMatrix(columnCount: 3, rowOffsets: [0, 2, 2, 4], columnIndices: [0, 2, 1, 1], values: [4, 5, 1, 2]))
    let empty = CSRMatrix(rowCount: 2, columnCount: 0, entries: [])
    #expect(empty.isValid && empty.rowCount == 2)
  }

  @Test func `a matrix without rows is valid`() {
    let empty = CSRMatrix(columnCount: 0, rowOffsets: [0], columnIndices: [], values: [])
    #expect(empty.isValid)
    #expect(empty.rowCount == 0)
    #expect(empty.transposed() == empty)
  }

  @Test(arguments: [
    [1, 2, 2, 3],  // does not start at 0
    [0, 3, 2, 3],  // descends
    [0, -1, 2, 3],  // descends below 0
    [0, 4, 4, 3],  // beyond the entries
  ])
  func `offsets that do not ascend from zero are invalid`(offsets: [Int]) {
    let matrix = CSRMatrix(columnCount: 3, rowOffsets: offsets, columnIndices: [0, 2, 1], values: [4, 5, 1])
    #expect(!matrix.isValid)
  }

  @Test(arguments: [-1, 3, Int32.max, .min])
  func `a column outside the matrix is invalid`(column: Int32) {
    let matrix = CSRMatrix(
      columnCount: 3, rowOffsets: [0, 2, 2, 3], columnIndices: [0, 2, column], values: [4, 5, 1])
    #expect(!matrix.isValid)
  }

  @Test func `equal matrices have equal fingerprints`() {
    let copy = CSRMatrix(rows: 3, columns: 3, [(2, 1, 1), (0, 2, 5), (0, 0, 4)])
    #expect(copy == Self.sample)
    #expect(copy.fingerprint == Self.sample.fingerprint)
  }

  @Test(arguments: [
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 4), (0, 2, 5), (2, 1, 2)]),  // a value
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 4), (0, 2, 5), (2, 1, -1)]),  // a sign
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 4), (0, 2, 5), (2, 2, 1)]),  // a column
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 4), (0, 2, 5), (1, 1, 1)]),  // a row
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 5), (0, 2, 4), (2, 1, 1)]),  // two values exchanged
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 4), (0, 2, 5)]),  // an entry less
    CSRMatrix(rows: 4, columns: 3, [(0, 0, 4), (0, 2, 5), (2, 1, 1)]),  // an empty row more
    CSRMatrix(rows: 3, columns: 4, [(0, 0, 4), (0, 2, 5), (2, 1, 1)]),  // an empty column more
  ])
  func `a matrix that differs in one thing has another fingerprint`(other: CSRMatrix) {
    #expect(other.isValid)
    #expect(other.fingerprint != Self.sample.fingerprint)
  }
}
