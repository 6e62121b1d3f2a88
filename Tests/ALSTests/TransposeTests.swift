import ALS
import ALSTestSupport
import Testing

struct TransposeTests {
  /// Appends each entry to a list of its column, in order: what a transpose is.
  private func naiveTranspose(_ matrix: CSRMatrix) -> CSRMatrix {
    CSRMatrix(
      rows: matrix.columnCount, columns: matrix.rowCount, matrix.triples.map { ($0.column, $0.row, $0.value) })
  }

  // Large operands are compared before `#expect` sees them: it would spend minutes on describing where they differ.

  /// Above this many entries the work is split among cores.
  private static let parallelThreshold = 1 << 16

  private static let shapes: [CSRMatrix] = [
    .random(rows: 1, columns: 1, density: 1),
    .random(rows: 1, columns: 200, density: 0.5),
    .random(rows: 200, columns: 1, density: 0.5),
    .random(rows: 60, columns: 40, density: 0.05),
    CSRMatrix(rows: 5, columns: 7, []),
    CSRMatrix(rows: 4, columns: 5, [(1, 3, 2), (3, 0, 1), (3, 3, 4)]),
  ]

  @Test(arguments: shapes)
  func `the transpose equals a naive one`(matrix: CSRMatrix) {
    let transpose = matrix.transposed()
    #expect(transpose == naiveTranspose(matrix))
    #expect(transpose.isValid)
    #expect(transpose.transposed() == matrix)
  }

  @Test func `a matrix large enough for several cores is transposed as a small one is`() {
    let matrix = CSRMatrix.random(rows: 700, columns: 300, density: 0.4)
    #expect(matrix.entryCount > Self.parallelThreshold)
    let transpose = matrix.transposed()
    let isTransposed = transpose == naiveTranspose(matrix)
    let isRestored = transpose.transposed() == matrix
    #expect(isTransposed && isRestored)
  }

  @Test func `one long row beside many empty ones is transposed`() {
    let entries = (0..<Self.parallelThreshold + 5000).map { (500, $0, Float($0 % 7)) }
    let matrix = CSRMatrix(rows: 1000, columns: Self.parallelThreshold + 6000, entries)
    let transpose = matrix.transposed()
    let isTransposed = transpose == naiveTranspose(matrix)
    let isRestored = transpose.transposed() == matrix
    #expect(isTransposed && isRestored)
  }

  @Test func `rows and columns without entries stay empty`() {
    let transpose = CSRMatrix(rows: 4, columns: 5, [(1, 3, 2), (3, 0, 1), (3, 3, 4)]).transposed()
    #expect(transpose.rowOffsets == [0, 1, 1, 1, 3, 3])
    #expect(transpose.columnIndices == [3, 1, 3])
    #expect(transpose.values == [1, 2, 4])
    #expect(transpose.columnCount == 4)
  }

  @Test func `duplicated pairs keep their order`() {
    let transpose = CSRMatrix(rows: 2, columns: 2, [(0, 1, 5), (0, 1, 3), (0, 1, 4), (1, 1, 2)]).transposed()
    #expect(transpose.columnIndices == [0, 0, 0, 1])
    #expect(transpose.values == [5, 3, 4, 2])
  }

  @Test func `duplicated pairs keep their order on several cores`() {
    // Each of 30,000 rows rates column 0 with 1, 2, 3 in this order.
    let entries: [(Int, Int, Float)] = (0..<90_000).map { ($0 / 3, 0, Float($0 % 3 + 1)) }
    let transpose = CSRMatrix(rows: 30_000, columns: 1, entries).transposed()
    let isInOrder = transpose.values == entries.map(\.2) && transpose.columnIndices == entries.map { Int32($0.0) }
    #expect(isInOrder)
  }

  private static let rowDistributions: [CSRMatrix] = [
    CSRMatrix(rows: 0, columns: 3, []),
    CSRMatrix(rows: 1, columns: 1, []),
    CSRMatrix(rows: 9, columns: 3, []),
    CSRMatrix(rows: 1, columns: 50, (0..<50).map { (0, $0, 1) }),
    CSRMatrix(rows: 50, columns: 1, (0..<50).map { ($0, 0, 1) }),
    CSRMatrix(rows: 20, columns: 100, (0..<100).map { (7, $0, 1) }),  // one heavy row in the middle
    CSRMatrix(rows: 20, columns: 100, (0..<100).map { (0, $0, 1) }),  // at the start
    CSRMatrix(rows: 20, columns: 100, (0..<100).map { (19, $0, 1) }),  // at the end
    .random(rows: 33, columns: 10, density: 0.1),
    .random(rows: 400, columns: 10, density: 0.4),
  ]

  @Test(arguments: rowDistributions, [0, 1, 2, 3, 7, 16, 64, 1000])
  func `balanced ranges cover every row exactly once`(matrix: CSRMatrix, count: Int) {
    let ranges = matrix.entryBalancedRowRanges(count: count)
    #expect(!ranges.isEmpty)
    #expect(ranges.count <= max(1, count))
    #expect(ranges.flatMap(Array.init) == Array(0..<matrix.rowCount))
  }

  @Test func `balanced ranges hold about equally many entries`() {
    // Rows of 1 to 100 entries: a range exceeds its share by less than the longest row.
    let entries = (0..<1000).flatMap { row in (0...row % 100).map { (row, $0, Float(1)) } }
    let matrix = CSRMatrix(rows: 1000, columns: 100, entries)
    let ranges = matrix.entryBalancedRowRanges(count: 8)
    #expect(ranges.count == 8)
    for range in ranges {
      let held = matrix.rowOffsets[range.upperBound] - matrix.rowOffsets[range.lowerBound]
      #expect(abs(held - matrix.entryCount / 8) <= 100)
    }
  }
}
