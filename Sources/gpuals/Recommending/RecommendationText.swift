import ALS
import RatingsIO
import Synchronization

/// Lists as text, formatted on all cores.
enum RecommendationText {
  /// The text of the lists of some users, in pieces that follow each other.
  static func formatted(
    _ lists: [[ScoredRow]], users: ArraySlice<Int>, ids: IDIndex, format: RecommendationFormat
  ) -> [[UInt8]] {
    let users = Array(users)
    let grain = 128
    let pieces = Mutex([[UInt8]](repeating: [], count: (lists.count + grain - 1) / grain))
    Parallel.performRanges(lists.count, grain: grain) { range in
      var text: [UInt8] = []
      for index in range { format.append(ids[users[index]], lists[index], to: &text) }
      pieces.withLock { $0[range.lowerBound / grain] = text }
    }
    return pieces.withLock { $0 }
  }
}
