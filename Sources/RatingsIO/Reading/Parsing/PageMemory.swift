#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for ratings under way, given back to the system as soon as it is done with.
struct PageMemory {
  /// The first byte, aligned to 16.
  let start: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// Pages of their own go back to the system at once, which keeps the peak low; the heap would hold on to them. Small
  /// pieces are not worth a system call.
  init(bytes: Int) {
    if bytes >= 1 << 18, let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      pages != UnsafeMutableRawPointer(bitPattern: -1)
    {
      start = pages
      mappedBytes = bytes
    } else {
      start = .allocate(byteCount: max(bytes, 1), alignment: 16)
      mappedBytes = 0
    }
  }

  /// Gives the memory back; to be called once.
  func free() {
    if mappedBytes > 0 { munmap(start, mappedBytes) } else { start.deallocate() }
  }
}
