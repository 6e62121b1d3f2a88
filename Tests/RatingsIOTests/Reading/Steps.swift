import Synchronization

/// What a progress callback was told.
final class Steps: Sendable {
  private let told = Mutex<(bytes: [Int], totals: Set<Int?>)>(([], []))

  func add(_ bytes: Int, _ total: Int?) {
    told.withLock {
      $0.bytes.append(bytes)
      $0.totals.insert(total)
    }
  }

  var all: (bytes: [Int], totals: Set<Int?>) { told.withLock { $0 } }
}
