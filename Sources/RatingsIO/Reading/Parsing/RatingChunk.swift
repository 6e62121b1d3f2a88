#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ratings of one block: 12 bytes each, in the numbering of the worker that parsed it.
///
/// `@unchecked Sendable`: one worker fills it; later, workers divide the chunks among themselves, so that each is touched
/// by one at a time.
final class RatingChunk: @unchecked Sendable {
  let sequence: Int
  let file: Int
  let worker: Int
  /// Lines of the block, blank ones included.
  let lineCount: Int
  /// Ratings in it, at most `lineCount`.
  var count = 0
  let users: UnsafeMutablePointer<UInt32>
  let items: UnsafeMutablePointer<UInt32>
  let values: UnsafeMutablePointer<Float>
  private var memory: UnsafeMutableRawPointer?
  private let mappedBytes: Int

  init(sequence: Int, file: Int, worker: Int, lineCount: Int) {
    self.sequence = sequence
    self.file = file
    self.worker = worker
    self.lineCount = lineCount
    let bytes = max(lineCount, 1) * 12
    var memory: UnsafeMutableRawPointer?
    // Pages of their own go back to the system as soon as the chunk is done with, which keeps the peak low; the heap
    // would hold on to them. Small chunks are not worth a system call.
    if bytes >= 1 << 18, let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      pages != UnsafeMutableRawPointer(bitPattern: -1)
    {
      memory = pages
      mappedBytes = bytes
    } else {
      mappedBytes = 0
    }
    let start = memory ?? .allocate(byteCount: bytes, alignment: 16)
    self.memory = start
    users = start.assumingMemoryBound(to: UInt32.self)
    items = (start + 4 * lineCount).assumingMemoryBound(to: UInt32.self)
    values = (start + 8 * lineCount).assumingMemoryBound(to: Float.self)
  }

  deinit {
    free()
  }

  /// Gives the memory back; the ratings are gone.
  func free() {
    guard let memory else { return }
    self.memory = nil
    count = 0
    if mappedBytes > 0 { munmap(memory, mappedBytes) } else { memory.deallocate() }
  }
}
