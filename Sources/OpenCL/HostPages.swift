#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of the host in large pages where the system has them, for buffers of devices that compute in it: gathering rows from
/// hundreds of megabytes in pages of 4 KiB costs a walk through the page tables for most of them.
///
/// `@unchecked Sendable` holds because the address is set once; what is there is the buffer's.
final class HostPages: @unchecked Sendable {
  /// Where it begins: at a large page.
  let start: UnsafeMutableRawPointer

  private static let pageBytes = 2 << 20
  /// Below this, one page more is a waste that the gain does not pay.
  static let leastBytes = 8 << 20

  /// `nil` where there is no memory.
  init?(bytes: Int) {
    var pointer: UnsafeMutableRawPointer?
    let whole = (bytes + Self.pageBytes - 1) / Self.pageBytes * Self.pageBytes
    guard posix_memalign(&pointer, Self.pageBytes, whole) == 0, let pointer else { return nil }
    #if os(Linux)
      // A wish: where it is not granted, the pages are small.
      _ = madvise(pointer, whole, 14 /* MADV_HUGEPAGE */)
    #endif
    start = pointer
  }

  deinit { free(start) }
}
