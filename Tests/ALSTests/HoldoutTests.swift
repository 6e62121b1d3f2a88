import ALS
import ALSTestSupport
import Testing

struct HoldoutTests {
  private struct Entry: Hashable, Comparable {
    var row: Int
    var column: Int
    var value: Float

    static func < (a: Entry, b: Entry) -> Bool { (a.row, a.column, a.value) < (b.row, b.column, b.value) }
  }

  private func entries(_ matrix: CSRMatrix) -> [Entry] {
    matrix.triples.map { Entry(row: $0.row, column: $0.column, value: $0.value) }
  }

  private static let ratings = CSRMatrix.random(rows: 150, columns: 120, density: 0.2)

  @Test(arguments: [0.01, 0.2, 0.5, 0.99])
  func `training and held-out entries together are the whole, and share nothing`(fraction: Double) {
    let (training, heldOut) = Self.ratings.holdingOut(fraction: fraction, seed: 1)
    #expect(training.isValid && heldOut.isValid)
    for part in [training, heldOut] {
      #expect(part.rowCount == Self.ratings.rowCount)
      #expect(part.columnCount == Self.ratings.columnCount)
    }
    #expect(Set(entries(training)).isDisjoint(with: entries(heldOut)))
    #expect((entries(training) + entries(heldOut)).sorted() == entries(Self.ratings))
  }

  @Test(arguments: [
    ratings,
    .random(rows: 300, columns: 4, density: 0.3, seed: 2),
    .random(rows: 40, columns: 40, density: 0.04, seed: 3),
    CSRMatrix(rows: 3, columns: 3, [(0, 0, 1), (1, 1, 1), (2, 2, 1)]),
  ])
  func `every row and every column keeps an entry to be trained on`(ratings: CSRMatrix) {
    let (training, heldOut) = ratings.holdingOut(fraction: 0.99, seed: 5)
    #expect(heldOut.entryCount < ratings.entryCount)
    for (whole, kept) in [(ratings, training), (ratings.transposed(), training.transposed())] {
      for row in 0..<whole.rowCount where !whole.entries(ofRow: row).isEmpty {
        #expect(!kept.entries(ofRow: row).isEmpty, "row \(row)")
      }
    }
  }

  @Test func `the same seed draws the same entries, and another seed others`() {
    let first = Self.ratings.holdingOut(fraction: 0.2, seed: 1)
    let second = Self.ratings.holdingOut(fraction: 0.2, seed: 1)
    #expect(first.training == second.training && first.heldOut == second.heldOut)
    #expect(first.heldOut != Self.ratings.holdingOut(fraction: 0.2, seed: 2).heldOut)
  }

  @Test func `whether an entry is drawn does not depend on ratings of other rows`() {
    // Row 0 is the same in both; columns are so full that none runs out.
    let more = CSRMatrix.random(rows: 200, columns: 30, density: 0.9, seed: 4)
    let fewer = CSRMatrix(
      columnCount: 30, rowOffsets: Array(more.rowOffsets[...100]),
      columnIndices: Array(more.columnIndices[..<more.rowOffsets[100]]),
      values: Array(more.values[..<more.rowOffsets[100]]))
    let drawnOfMore = more.holdingOut(fraction: 0.3, seed: 9).heldOut
    let drawnOfFewer = fewer.holdingOut(fraction: 0.3, seed: 9).heldOut
    #expect(entries(drawnOfMore).filter { $0.row < 100 } == entries(drawnOfFewer))
  }

  @Test func `a fraction of zero keeps all`() {
    let (training, heldOut) = Self.ratings.holdingOut(fraction: 0, seed: 1)
    #expect(training == Self.ratings)
    #expect(heldOut.entryCount == 0)
    #expect(heldOut.rowCount == Self.ratings.rowCount)
  }

  @Test(arguments: [0.1, 0.25, 0.5])
  func `about the asked-for fraction is held out`(fraction: Double) {
    let ratings = CSRMatrix.random(rows: 300, columns: 200, density: 0.5)
    let n = Double(ratings.entryCount)
    let held = Double(ratings.holdingOut(fraction: fraction, seed: 3).heldOut.entryCount)
    // Five standard deviations of the binomial distribution.
    #expect(abs(held - fraction * n) <= 5 * (n * fraction * (1 - fraction)).squareRoot())
  }

  @Test func `duplicates are split without loss`() {
    let ratings = CSRMatrix(rows: 2, columns: 2, [(0, 0, 1), (0, 0, 2), (0, 0, 3), (0, 1, 4), (1, 0, 5), (1, 1, 6)])
    let (training, heldOut) = ratings.holdingOut(fraction: 0.9, seed: 1)
    #expect((entries(training) + entries(heldOut)).sorted() == entries(ratings).sorted())
  }

  /// Draws entry after entry, and keeps account of what is left: what the split on several cores must come to.
  private func naiveSplit(_ ratings: CSRMatrix, fraction: Double, seed: UInt64) -> (training: [Entry], heldOut: [Entry])
  {
    let philox = Philox(seed: seed ^ 0x686f_6c64_6f75_7421)
    var left = [Int](repeating: 0, count: ratings.columnCount)
    for column in ratings.columnIndices { left[Int(column)] += 1 }
    var (training, heldOut): ([Entry], [Entry]) = ([], [])
    for row in 0..<ratings.rowCount {
      var leftInRow = ratings.entries(ofRow: row).count
      for position in ratings.entries(ofRow: row) {
        let entry = Entry(row: row, column: Int(ratings.columnIndices[position]), value: ratings.values[position])
        let word = philox.block(UInt64(entry.column), stream: UInt64(row))[0]
        if Double(word) < fraction * 0x1p32, leftInRow > 1, left[entry.column] > 1 {
          leftInRow -= 1
          left[entry.column] -= 1
          heldOut.append(entry)
        } else {
          training.append(entry)
        }
      }
    }
    return (training, heldOut)
  }

  @Test(arguments: [
    ratings,
    .random(rows: 300, columns: 4, density: 0.3, seed: 2),
    .random(rows: 40, columns: 40, density: 0.04, seed: 3),
    .random(rows: 500, columns: 300, density: 0.01, seed: 4),
    .random(rows: 700, columns: 300, density: 0.4, seed: 5),  // split among cores
    .random(rows: 40_000, columns: 30_000, density: 0.0001, seed: 6),
  ])
  func `the split is that of going through the entries in order`(ratings: CSRMatrix) {
    for fraction in [0.1, 0.5, 0.9, 0.999] {
      let (training, heldOut) = ratings.holdingOut(fraction: fraction, seed: 11)
      let naive = naiveSplit(ratings, fraction: fraction, seed: 11)
      let isEqual = entries(training) == naive.training && entries(heldOut) == naive.heldOut
      #expect(isEqual)
    }
  }

  @Test(arguments: [2, 3, 10])
  func `each entry is held out in one fold, but for those that must stay`(folds: Int) {
    var heldOut: [Entry] = []
    for fold in 0..<folds {
      let split = Self.ratings.holdingOut(fold: fold, of: folds, seed: 3)
      #expect(split.training.merging(split.heldOut) == Self.ratings)
      let share = Double(split.heldOut.entryCount) / Double(Self.ratings.entryCount)
      #expect(abs(share - 1 / Double(folds)) < 0.03)
      heldOut += entries(split.heldOut)
    }
    #expect(Set(heldOut).count == heldOut.count)
    #expect(Self.ratings.entryCount - heldOut.count < Self.ratings.entryCount / 50)
  }

  @Test func `of equal pairs in both parts the first matrix has its own before the other's`() {
    let one = CSRMatrix(rows: 2, columns: 3, [(0, 1, 1), (1, 0, 2)])
    let other = CSRMatrix(rows: 2, columns: 3, [(0, 0, 3), (0, 1, 4), (0, 2, 5)])
    #expect(one.merging(other).triples.map(\.value) == [3, 1, 4, 5, 2])
  }
}
