import ALS
import Testing

struct FactorMatrixTests {
  @Test func `rows are slices of the values`() {
    let matrix = FactorMatrix(rank: 2, values: [1, 2, 3, 4, 5, 6])
    #expect(matrix.rowCount == 3)
    #expect(Array(matrix[0]) == [1, 2])
    #expect(Array(matrix[2]) == [5, 6])
    #expect(FactorMatrix(zeros: 2, rank: 3).values == [0, 0, 0, 0, 0, 0])
    #expect(FactorMatrix(zeros: 0, rank: 3).rowCount == 0)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `the first row that is not finite is found`(value: Float) {
    #expect(FactorMatrix(rank: 2, values: [1, 2, 3, value, value, 6]).firstNonFiniteRow == 1)
    #expect(FactorMatrix(rank: 2, values: [1, .greatestFiniteMagnitude]).firstNonFiniteRow == nil)
  }
}
