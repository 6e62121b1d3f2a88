import ALS
import SampleRatings
import Testing

@Suite struct `the matrix of a sample` {
  @Test func `holds what ratings.tsv holds, less what is no rating of an artist`() throws {
    let sample = try GeneratedSample.medium.get()
    let matrix = SampleGenerator(shape: sample.summary.shape, seed: sample.summary.seed).matrix()
    #expect(matrix.isValid)
    #expect(matrix.rowCount == sample.summary.shape.users && matrix.columnCount == sample.summary.shape.items)
    let expected = sample.rows.filter { $0.item > 1_000_000 && $0.rating != 255 }
    #expect(matrix.entryCount == expected.count)
    var found: [(user: Int, item: Int, rating: Int)] = []
    for row in 0..<matrix.rowCount {
      for entry in matrix.entries(ofRow: row) {
        found.append((row + 1, Int(matrix.columnIndices[entry]) + 1_000_001, Int(matrix.values[entry])))
      }
    }
    let isSame = zip(found, expected).allSatisfy { $0 == $1 }
    #expect(isSame)
  }
}
