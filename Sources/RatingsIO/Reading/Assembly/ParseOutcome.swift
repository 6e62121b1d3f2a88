import ALS

/// What all workers together found in the input: chunks in the order of the input, ids, counts, and the first fault.
struct ParseOutcome {
  /// Chunks by sequence number.
  let chunks: [RatingChunk]
  /// Ids by worker.
  let users: [IDKeys]
  let items: [IDKeys]
  /// Times of all rows in no order, where they are collected.
  let times: [Double]
  /// All but duplicates and unknown ids.
  let report: ReadReport
  /// Rows of each file, dropped and malformed ones included.
  let rows: [Int]

  /// What one worker leaves behind.
  struct Part: Sendable {
    var chunks: [RatingChunk] = []
    var users = IDKeys()
    var items = IDKeys()
    var times: [Double] = []
    var counts = ParseCounts()
    var values = ValueCounts()
    var firstFault: BlockParser.Fault?
  }

  /// Parses the files on `workerCount` workers.
  ///
  /// - Parameter allowsNone: whether there need not be any rows.
  /// - Throws: The failure that comes first in the input.
  init(
    files: [InputFile], options: ReadOptions, blockSize: Int, workerCount: Int, allowsNone: Bool = false,
    progress: BlockSource.Progress?
  ) throws(RatingsIOError) {
    let source = BlockSource(files: files, options: options, blockSize: blockSize, progress: progress)
    var parts = [Part](repeating: Part(), count: workerCount)
    parts.withUnsafeMutableBufferPointer { buffer in
      // Each worker writes an element of its own.
      nonisolated(unsafe) let parts = buffer
      Parallel.perform(workerCount) { worker in
        parts[worker] = Self.parse(source, worker: worker, options: options, blockSize: blockSize)
      }
    }
    chunks = parts.flatMap(\.chunks).sorted { $0.sequence < $1.sequence }
    users = parts.map(\.users)
    items = parts.map(\.items)
    times = parts.flatMap(\.times)

    var rows = [Int](repeating: 0, count: files.count)
    for chunk in chunks { rows[chunk.file] += chunk.rowCount }
    self.rows = rows

    let firstFault = parts.compactMap(\.firstFault).min { $0.sequence < $1.sequence }
    let openedFiles = source.openedFiles
    let chunks = chunks
    func error(sequence: Int, file: Int, line: Int, fault: RowFault) -> RatingsIOError {
      // The lines of a file before a block are known once all blocks before it are parsed, as they are.
      var before = openedFiles[file].headerLines
      for chunk in chunks where chunk.file == file && chunk.sequence < sequence { before += chunk.lineCount }
      if openedFiles[file].isMatrix {
        return .malformedEntry(file: files[file].name, entry: before + line - 1, fault: fault)
      }
      return .malformedRow(file: files[file].name, line: before + line, fault: fault)
    }
    let rowError = firstFault.map {
      error(sequence: $0.sequence, file: $0.file, line: $0.line, fault: $0.fault)
    }
    let stoppedFile = min(
      options.onError == .stop ? firstFault?.file ?? files.count : files.count, source.failure?.file ?? files.count)
    for (file, expected) in openedFiles.map(\.entryCount).enumerated() where file < stoppedFile {
      guard let expected else { continue }
      let found = chunks.reduce(0) { $0 + ($1.file == file ? $1.rowCount : 0) }
      if found != expected { throw .entryCount(file: files[file].name, expected: expected, found: found) }
    }
    if let rowError, options.onError == .stop { throw rowError }
    if let failure = source.failure {
      switch failure.cause {
      case .error(let cause): throw cause
      case .row(let fault): throw error(sequence: failure.sequence, file: failure.file, line: 1, fault: fault)
      }
    }

    var counts = ParseCounts()
    var values = ValueCounts()
    for part in parts {
      counts.add(part.counts)
      values.merge(part.values)
    }
    guard counts.rows > 0 || allowsNone else { throw .noRows(files: files.map(\.name)) }
    let first = rowError?.description
    if let first, counts.skipped * 100 > counts.rows {
      throw .tooManyMalformedRows(count: counts.skipped, rows: counts.rows, first: first)
    }
    var report = ReadReport()
    report.rowCount = counts.rows
    report.bytes = source.bytesRead
    report.droppedByMap = counts.droppedByMap
    report.droppedItems = counts.droppedItems
    report.skipped = counts.skipped
    report.firstSkipped = first
    report.sentinels = values.sentinels
    report.hasRatings = source.hasRatings
    report.hasOperations = source.hasOperations
    report.deletions = counts.deletions
    if files.contains(where: { DMSFileName(path: $0.name) != nil }) {
      report.changeFiles = zip(files, rows).map { AppliedFile(file: $0.fullName, version: $0.version, rows: $1) }
    }
    self.report = report
  }

  private static func parse(_ source: BlockSource, worker: Int, options: ReadOptions, blockSize: Int) -> Part {
    var part = Part()
    var parser = BlockParser(options: options)
    var buffer = BlockBuffer(capacity: blockSize)
    while let block = source.next(into: &buffer) {
      let chunk = RatingChunk(
        sequence: block.sequence, file: block.file, worker: worker,
        lineCount: block.entries?.count ?? buffer.lineCount)
      let rowsBefore = parser.counts.rows
      if let entries = block.entries {
        parser.take(entries, into: chunk, layout: block.layout)
      } else {
        parser.parse(buffer, into: chunk, layout: block.layout)
      }
      chunk.rowCount = parser.counts.rows - rowsBefore
      part.chunks.append(chunk)
      if parser.mustStop {
        source.stop()
        break
      }
    }
    part.users = parser.users.keys
    part.items = parser.items.keys
    part.times = parser.times
    part.counts = parser.counts
    part.values = parser.values
    part.firstFault = parser.firstFault
    return part
  }
}
