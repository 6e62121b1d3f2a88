/// The ratings of one block: 12 bytes each, in the numbering of the worker that parsed it.
///
/// `@unchecked Sendable`: one worker fills it; later, workers divide the chunks among themselves, so that each is touched
/// by one at a time.
final class RatingChunk: @unchecked Sendable {
  /// Stands for a pair that has no rating from here on. No rating is NaN, so it is told from them by that.
  static let deletion = Float.nan

  let sequence: Int
  let file: Int
  let worker: Int
  /// Lines of the block, blank ones included.
  let lineCount: Int
  /// Rows of data in the block, dropped and malformed ones included.
  var rowCount = 0
  /// Ratings in it, at most `lineCount`.
  var count = 0
  let users: UnsafeMutablePointer<UInt32>
  let items: UnsafeMutablePointer<UInt32>
  let values: UnsafeMutablePointer<Float>
  private var memory: PageMemory?

  init(sequence: Int, file: Int, worker: Int, lineCount: Int) {
    self.sequence = sequence
    self.file = file
    self.worker = worker
    self.lineCount = lineCount
    let memory = PageMemory(bytes: 12 * lineCount)
    self.memory = memory
    users = memory.start.assumingMemoryBound(to: UInt32.self)
    items = (memory.start + 4 * lineCount).assumingMemoryBound(to: UInt32.self)
    values = (memory.start + 8 * lineCount).assumingMemoryBound(to: Float.self)
  }

  deinit {
    memory?.free()
  }

  /// Gives the memory back; the ratings are gone.
  func free() {
    takeMemory()?.free()
  }

  /// Leaves the memory, and with it the ratings, to the caller.
  func takeMemory() -> PageMemory? {
    defer {
      memory = nil
      count = 0
    }
    return memory
  }
}
