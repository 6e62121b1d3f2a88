import Synchronization

/// Hands out the input in blocks of whole lines, in order, to any number of workers.
///
/// A block lies within one file, ends at a line end (or at the file's end), and never holds the header. Its number gives
/// its place in the input, so that what the workers find out can be put back in order.
final class BlockSource: Sendable {
  /// What a worker needs to know of a block.
  struct Block {
    let sequence: Int
    let file: Int
    let layout: FileLayout
    /// What it holds in place of lines, where the file is no text.
    var entries: EntryBatch?
  }

  /// Something that ends the input behind the block `sequence - 1`.
  struct Failure: Sendable {
    enum Cause: Sendable {
      case error(RatingsIOError)
      /// A fault in the line that follows the blocks before.
      case row(RowFault)
    }
    let sequence: Int
    let file: Int
    let cause: Cause
  }

  typealias Progress = @Sendable (_ bytesRead: Int, _ totalBytes: Int?) -> Void

  private let state: Mutex<BlockSourceState>

  init(files: [InputFile], options: ReadOptions, blockSize: Int, progress: Progress?) {
    state = Mutex(BlockSourceState(files: files, options: options, blockSize: blockSize, progress: progress))
  }

  /// Puts the next block into `buffer`, which grows where a line is longer than a block.
  func next(into buffer: inout BlockBuffer) -> Block? {
    state.withLock { $0.next(into: &buffer) }
  }

  /// No more blocks are handed out; those under way are finished by their workers.
  func stop() {
    state.withLock { $0.stop() }
  }

  /// What ended the input early, if anything did.
  var failure: Failure? { state.withLock { $0.failure } }
  /// Bytes read from the files.
  var bytesRead: Int { state.withLock { $0.bytesRead } }
  /// The files that were opened so far, in the order of the input.
  var openedFiles: [OpenedFile] { state.withLock { $0.openedFiles } }
  /// Whether a file with a rating column was opened.
  var hasRatings: Bool { state.withLock { $0.hasRatings } }
  /// Whether a file was opened whose rows carry operations.
  var hasOperations: Bool { state.withLock { $0.hasOperations } }
}
