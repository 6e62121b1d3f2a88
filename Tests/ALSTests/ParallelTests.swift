import ALS
import Synchronization
import Testing

struct ParallelTests {
  @Test(arguments: [0, 1, 2, 100, 1000])
  func `every index is worked on exactly once`(count: Int) {
    let seen = Mutex<[Int]>([])
    Parallel.perform(count) { index in seen.withLock { $0.append(index) } }
    #expect(seen.withLock { $0.sorted() } == Array(0..<count))
  }

  @Test(arguments: [0, 1, 6, 7, 8, 14, 100], [1, 7, 1000])
  func `ranges cover all without overlap and keep to the grain`(count: Int, grain: Int) {
    let seen = Mutex<[Range<Int>]>([])
    Parallel.performRanges(count, grain: grain) { range in seen.withLock { $0.append(range) } }
    let ranges = seen.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
    #expect(ranges.flatMap(Array.init) == Array(0..<count))
    #expect(ranges.allSatisfy { $0.count <= grain })
  }
}
