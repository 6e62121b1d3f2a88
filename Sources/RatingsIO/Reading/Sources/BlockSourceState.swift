/// The file that is being read and what is left of it; see ``BlockSource``.
///
/// `@unchecked Sendable`: the open file in it belongs to this value alone, which lives behind the lock of ``BlockSource``
/// or in the hands of one reader.
struct BlockSourceState: @unchecked Sendable {
  /// Lines longer than this are no lines.
  static let maximumLineBytes = 16 << 20
  /// How much of a file is looked at to find out its layout. Independent of the block size, so that the result is too.
  static let headBytes = 1 << 16

  private let files: [InputFile]
  private let options: ReadOptions
  private let content: FileLayout.Content
  private let blockSize: Int
  private let progress: BlockSource.Progress?
  private let totalBytes: Int?

  private(set) var failure: BlockSource.Failure?
  private(set) var openedFiles: [OpenedFile] = []
  /// A file with a rating column, and one without.
  private var fileWithRatings: String?
  private var fileWithoutRatings: String?
  /// Whether a file was opened whose rows carry operations.
  private(set) var hasOperations = false
  private var sequence = 0
  private var isStopped = false
  private var bytesOfFinishedFiles = 0

  private var source: (any ByteSource)?
  /// The file that is being read, where it is no text.
  private var matrix: (any MatrixSource)?
  /// Its entries that were read and not yet handed out.
  private var entries = EntryBatch(users: [], items: [])
  private var sourceEnded = false
  /// An error of the source. It counts once all whole lines before it have been handed out.
  private var sourceError: RatingsIOError?
  private var layout = FileLayout()
  /// Bytes that were read and not yet handed out: `pending[pendingStart...]`.
  private var pending: [UInt8] = []
  private var pendingStart = 0

  init(
    files: [InputFile], options: ReadOptions, content: FileLayout.Content = .ratings, blockSize: Int,
    progress: BlockSource.Progress?
  ) {
    self.files = files
    self.content = content
    self.options = options
    self.blockSize = max(1, blockSize)
    self.progress = progress
    let sizes = files.compactMap(\.size)
    totalBytes = sizes.count == files.count ? sizes.reduce(0, +) : nil
  }

  var bytesRead: Int { bytesOfFinishedFiles + (source?.fileBytesRead ?? matrix?.fileBytesRead ?? 0) }

  /// Whether a file with a rating column was opened.
  var hasRatings: Bool { fileWithRatings != nil }

  private var file: Int { openedFiles.count - 1 }

  mutating func stop() {
    isStopped = true
  }

  mutating func next(into buffer: inout BlockBuffer) -> BlockSource.Block? {
    while !isStopped {
      if source == nil && matrix == nil {
        guard openNextFile() else { return nil }
        continue
      }
      var block = BlockSource.Block(sequence: sequence, file: file, layout: layout)
      if let matrix { block.entries = nextEntries(of: matrix) }
      guard block.entries != nil || (matrix == nil && fillBlock(&buffer)) else {
        finishFile()
        continue
      }
      progress?(bytesRead, totalBytes)
      sequence += 1
      return block
    }
    return nil
  }

  /// Takes about as many entries as a block of text would hold.
  private mutating func nextEntries(of matrix: any MatrixSource) -> EntryBatch? {
    do {
      if entries.count == 0, let next = try matrix.next() { entries = next }
      return entries.count > 0 ? entries.takeFirst(max(1, blockSize / 16)) : nil
    } catch {
      sourceError = error
      return nil
    }
  }

  /// Takes bytes up to a line end; false at the end of the file or of what can be read of it.
  private mutating func fillBlock(_ buffer: inout BlockBuffer) -> Bool {
    buffer.count = 0
    var target = blockSize
    while true {
      buffer.grow(to: target)
      let fromPending = min(pending.count - pendingStart, target - buffer.count)
      pending.withUnsafeBufferPointer { pending in
        guard fromPending > 0 else { return }
        (buffer.base + buffer.count).update(from: pending.baseAddress! + pendingStart, count: fromPending)
      }
      buffer.count += fromPending
      pendingStart += fromPending
      while buffer.count < target && !sourceEnded {
        buffer.count += read(
          into: UnsafeMutableRawBufferPointer(start: buffer.base + buffer.count, count: target - buffer.count))
      }
      let end = buffer.endOfLastLine
      if end > 0 {
        putBack(&buffer, from: end)
        return true
      }
      if sourceEnded && pendingStart == pending.count {
        // What is left is a line without its end, or, before an error, a piece of one that tells nothing.
        return buffer.count > 0 && sourceError == nil
      }
      if target >= Self.maximumLineBytes {
        fail(.row(.lineTooLong(bytes: Self.maximumLineBytes)))
        return false
      }
      target = min(target * 2, Self.maximumLineBytes)
    }
  }

  /// Keeps the bytes behind `end` for the next block.
  private mutating func putBack(_ buffer: inout BlockBuffer, from end: Int) {
    let tail = UnsafeBufferPointer(start: buffer.base + end, count: buffer.count - end)
    if pendingStart < pending.count {
      // The whole block came from there.
      pendingStart -= tail.count
    } else {
      pending.removeAll(keepingCapacity: true)
      pending.append(contentsOf: tail)
      pendingStart = 0
    }
    buffer.count = end
  }

  private mutating func openNextFile() -> Bool {
    guard openedFiles.count < files.count else { return false }
    let file = files[openedFiles.count]
    openedFiles.append(OpenedFile())
    sourceEnded = false
    sourceError = nil
    pending = []
    pendingStart = 0
    do throws(RatingsIOError) {
      switch try file.open(options: options) {
      case .text(let text): source = text
      case .matrix(let opened):
        guard content == .ratings else { throw RatingsIOError.matrixForList(file: file.name) }
        matrix = opened
        layout = opened.layout
        openedFiles[self.file].isMatrix = true
        try compareRatingColumns(of: file)
        return true
      }
      readHead()
      if let layout = try FileLayout(lookingAt: wholeLinesOfHead, content: content, file: file.name, options: options) {
        self.layout = layout
        pendingStart = layout.headerBytes
        openedFiles[self.file].headerLines = layout.headerLines
        openedFiles[self.file].entryCount = layout.entryCount
        if layout.operation >= 0, content == .ratings { try noteOperations(of: file) }
        try compareRatingColumns(of: file)
      } else if sourceEnded {
        // Nothing but blank lines, or nothing at all.
        pendingStart = pending.count
      } else {
        throw RatingsIOError.unknownFormat(file: file.name)
      }
    } catch {
      fail(.error(error))
    }
    return !isStopped
  }

  /// Refuses to merge rows that say what becomes of their pair.
  private mutating func noteOperations(of file: InputFile) throws(RatingsIOError) {
    hasOperations = true
    if let policy = options.duplicates, policy != .last {
      throw .duplicatesOfChanges(file: file.name, policy: policy)
    }
  }

  /// Refuses a list of names among the ratings, which would read as pairs of ids.
  private mutating func compareRatingColumns(of file: InputFile) throws(RatingsIOError) {
    if layout.isRatingUndecided { return }
    if layout.rating >= 0 { fileWithRatings = file.name } else { fileWithoutRatings = file.name }
    if let fileWithRatings, let fileWithoutRatings {
      throw .mixedRatingColumns(with: fileWithRatings, without: fileWithoutRatings)
    }
  }

  /// Reads on until there is enough to look at and it holds a whole row.
  private mutating func readHead() {
    let blanks = [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " ")]
    while !sourceEnded, pending.count < Self.headBytes || wholeLinesOfHead.allSatisfy(blanks.contains),
      pending.count < Self.maximumLineBytes
    {
      let before = pending.count
      pending.append(contentsOf: repeatElement(0, count: Self.headBytes))
      var bytes = pending
      pending = []
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[before...]))
      }
      bytes.removeLast(Self.headBytes - count)
      pending = bytes
    }
  }

  private var wholeLinesOfHead: ArraySlice<UInt8> {
    if sourceEnded && sourceError == nil { return pending[...] }
    guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    return pending[...end]
  }

  private mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    do {
      let count = try source?.read(into: buffer) ?? 0
      if count == 0 { sourceEnded = true }
      return count
    } catch {
      sourceError = error
      sourceEnded = true
      return 0
    }
  }

  private mutating func finishFile() {
    if let sourceError { fail(.error(sourceError)) }
    bytesOfFinishedFiles = bytesRead
    (source, matrix) = (nil, nil)
  }

  private mutating func fail(_ cause: BlockSource.Failure.Cause) {
    if failure == nil { failure = BlockSource.Failure(sequence: sequence, file: file, cause: cause) }
    isStopped = true
  }
}
