/// A row and its score, as in a list of recommendations.
public struct ScoredRow: Sendable, Equatable {
  /// Row of the item (or user).
  public var row: Int
  /// What it is ordered by.
  public var score: Float

  /// Gives both.
  public init(row: Int, score: Float) {
    self.row = row
    self.score = score
  }
}

/// The `count` best rows seen so far: descending scores, equal scores in row order, so that results are reproducible.
///
/// A binary heap with the worst kept row on top; offering a row costs O(log count) at worst, and a comparison mostly.
public struct TopN: Sendable {
  private let count: Int
  private var heap: [ScoredRow] = []

  /// Keeps up to `count` rows.
  public init(count: Int) {
    self.count = max(0, count)
    heap.reserveCapacity(min(self.count, 1 << 16))
  }

  /// Offers a row. Scores that are not numbers are never kept.
  public mutating func offer(row: Int, score: Float) {
    guard count > 0, !score.isNaN else { return }
    let candidate = ScoredRow(row: row, score: score)
    if heap.count < count {
      heap.append(candidate)
      siftUp()
    } else if Self.isBetter(candidate, heap[0]) {
      heap[0] = candidate
      siftDown()
    }
  }

  /// The kept rows, best first.
  public var sorted: [ScoredRow] { heap.sorted(by: Self.isBetter) }

  private static func isBetter(_ a: ScoredRow, _ b: ScoredRow) -> Bool {
    a.score > b.score || (a.score == b.score && a.row < b.row)
  }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.isBetter(heap[parent], heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && Self.isBetter(heap[worst], heap[child])
      {
        worst = child
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
