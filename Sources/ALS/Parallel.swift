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
  /// Number of workers that run at once: the processors that this process may run on.
  package static let workerCount = max(1, usableProcessors ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Processors in the affinity mask, which `taskset`, batch systems and containers narrow; `nil` where the system does
  /// not tell.
  private static var usableProcessors: Int? {
    #if os(Linux)
      guard let stream = fopen("/proc/self/status", "r") else { return nil }
      defer { fclose(stream) }
      var line = [CChar](repeating: 0, count: 4096)
      while fgets(&line, Int32(line.count), stream) != nil {
        let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        // A mask in hexadecimal digits: "Cpus_allowed:   ff,ffffffff".
        guard text.hasPrefix("Cpus_allowed:") else { continue }
        let count = text.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : nil
      }
    #endif
    return nil
  }

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

  /// What `body` returns for each of `0 ..< count`, in that order, computed on all cores.
  package static func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      // Each call initializes an element of its own.
      nonisolated(unsafe) let values = buffer
      perform(count) { index in values.initializeElement(at: index, to: body(index)) }
      filled = count
    }
  }
}
