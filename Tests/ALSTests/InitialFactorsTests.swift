import ALS
import ALSTestSupport
import Testing

struct InitialFactorsTests {
  private func full(rows: Int) -> CSRMatrix { CSRMatrix(rows: rows, columns: 1, (0..<rows).map { ($0, 0, 1) }) }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 129])
  func `every row has unit norm`(rank: Int) throws {
    let matrix = try FactorMatrix.initial(for: full(rows: 300), parameters: ALSParameters(rank: rank))
    #expect(matrix.rank == rank && matrix.rowCount == 300)
    for row in 0..<matrix.rowCount {
      let norm = matrix[row].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(norm - 1) < 1e-6)
    }
  }

  @Test(arguments: [0.1, 3])
  func `every row has the norm that is asked for`(norm: Double) throws {
    let unit = try FactorMatrix.initial(for: full(rows: 30), parameters: ALSParameters(rank: 7))
    let matrix = try FactorMatrix.initial(for: full(rows: 30), parameters: ALSParameters(rank: 7, initialNorm: norm))
    for (a, b) in zip(matrix.values, unit.values) { #expect(abs(Double(a) - norm * Double(b)) <= 1e-6 * norm) }
  }

  @Test func `nonnegative factors start from the absolute values`() throws {
    let signed = try FactorMatrix.initial(for: full(rows: 30), parameters: ALSParameters(rank: 7))
    let matrix = try FactorMatrix.initial(for: full(rows: 30), parameters: ALSParameters(rank: 7, nonnegative: true))
    #expect(signed.values.contains { $0 < 0 })
    #expect(matrix.values == signed.values.map(abs))
  }

  @Test func `a row depends on the seed and on itself alone`() throws {
    let parameters = try ALSParameters(rank: 6)
    let more = FactorMatrix.initial(for: full(rows: 10_000), parameters: parameters)
    let fewer = FactorMatrix.initial(for: full(rows: 50), parameters: parameters)
    let sparse = FactorMatrix.initial(for: CSRMatrix(rows: 9000, columns: 4, [(8999, 3, 2)]), parameters: parameters)
    #expect(more.values[..<(50 * 6)] == fewer.values[...])
    #expect(more[8999] == sparse[8999])
  }

  @Test func `what is rated, and how, does not matter`() throws {
    let parameters = try ALSParameters(rank: 6)
    let other = CSRMatrix(rows: 20, columns: 9, (0..<20).flatMap { row in (0...row % 5).map { (row, $0, Float(row)) } })
    #expect(
      FactorMatrix.initial(for: other, parameters: parameters)
        == .initial(for: full(rows: 20), parameters: parameters))
  }

  @Test func `rows without ratings start at zero`() throws {
    let matrix = try FactorMatrix.initial(
      for: CSRMatrix(rows: 4, columns: 2, [(1, 0, 3), (3, 1, 0)]), parameters: ALSParameters(rank: 5))
    #expect(matrix[0].allSatisfy { $0 == 0 } && matrix[2].allSatisfy { $0 == 0 })
    #expect(matrix[1].contains { $0 != 0 } && matrix[3].contains { $0 != 0 })
  }

  @Test(arguments: [UInt64(0), 43, 42 + 1 << 32, .max])
  func `another seed gives other rows`(seed: UInt64) throws {
    let base = try FactorMatrix.initial(for: full(rows: 20), parameters: ALSParameters(rank: 8, seed: 42))
    let other = try FactorMatrix.initial(for: full(rows: 20), parameters: ALSParameters(rank: 8, seed: seed))
    for row in 0..<20 { #expect(base[row] != other[row]) }
  }

  @Test func `no two rows are equal`() throws {
    let matrix = try FactorMatrix.initial(for: full(rows: 2000), parameters: ALSParameters(rank: 4))
    #expect(Set((0..<2000).map { Array(matrix[$0]) }).count == 2000)
  }

  @Test(arguments: [1, 4, 16])
  func `directions are balanced`(rank: Int) throws {
    // Each coordinate of a random unit vector has mean 0 and variance 1 / rank: five standard deviations of their means.
    let rows = 20_000
    let matrix = try FactorMatrix.initial(for: full(rows: rows), parameters: ALSParameters(rank: rank))
    for k in 0..<rank {
      let coordinates = (0..<rows).map { Double(matrix.values[$0 * rank + k]) }
      let mean = coordinates.reduce(0, +) / Double(rows)
      let square = coordinates.reduce(0) { $0 + $1 * $1 } / Double(rows)
      #expect(abs(mean) < 5 / Double(rows * rank).squareRoot())
      #expect(abs(square * Double(rank) - 1) < 0.06)
    }
  }
}
