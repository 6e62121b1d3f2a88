import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Data parallelism on the host's cores, for work on disjoint ranges.
package enum Parallel {
  /// Number of workers that run at once.
  package static let workerCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Calls `body` once for each of `0 ..< count`, on all cores, and returns when all calls have.
  package static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if count == 1 { return body(0) }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }

  /// Calls `body` with consecutive ranges of at most `grain` that cover `0 ..< count`.
  package static func performRanges(_ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = (count + grain - 1) / grain
    perform(parts) { part in body(part * grain..<min(count, (part + 1) * grain)) }
  }
}
