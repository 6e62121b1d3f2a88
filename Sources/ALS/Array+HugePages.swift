#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Array where Element: BitwiseCopyable {
  /// An array whose elements `fill` sets, all of them, in any order, from any thread.
  ///
  /// Where the system can, a large one lies in pages of 2 MB: writing here and there in hundreds of megabytes then hardly
  /// ever misses the processor's table of pages, and there are 500 times fewer of them to hand out.
  package init(hugePages count: Int, fill: (UnsafeMutablePointer<Element>) -> Void) {
    self.init(unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      guard let base = buffer.baseAddress else { return }
      #if os(Linux)
        let page = 1 << 21
        let start = (Int(bitPattern: base) + page - 1) & ~(page - 1)
        let end = (Int(bitPattern: base) + count * MemoryLayout<Element>.stride) & ~(page - 1)
        // Advice: where it is not taken all works as well.
        if end > start { madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, 14 /* MADV_HUGEPAGE */) }
      #endif
      fill(base)
    }
  }
}
