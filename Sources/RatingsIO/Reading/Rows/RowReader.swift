#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Goes through the rows of one file in order, on the calling thread: pairs, lists of ids, names.
struct RowReader {
  let location: Location
  let format: RatingsFormat?
  let columns: ColumnSelection?
  let content: FileLayout.Content

  /// Calls `body` with the first column (user or id) and the second (item or name) of each row.
  ///
  /// A fault that `body` throws becomes an error with file and line. Blank lines are passed over.
  func forEachRow(
    _ body: (_ first: Field, _ second: Field, _ layout: FileLayout, _ line: Int) throws(RowFault) -> Void
  ) throws(RatingsIOError) {
    let file = try InputFile.file(at: location)
    var source = BlockSourceState(
      files: [file], options: ReadOptions(format: format, columns: columns), content: content, blockSize: 1 << 20,
      progress: nil)
    var buffer = BlockBuffer(capacity: 1 << 20)
    var fields: [Field] = []
    var (line, rows) = (0, 0)
    while let block = source.next(into: &buffer) {
      let needed = block.layout.columnCount
      if fields.isEmpty {
        line = source.openedFiles[0].headerLines
        fields = [Field](repeating: Field(start: buffer.base, count: 0), count: needed)
      }
      let syntax = block.layout.syntax
      var start = buffer.base
      let end = buffer.base + buffer.count
      while start < end {
        let lineEnd = memchr(start, 10, end - start)?.assumingMemoryBound(to: UInt8.self) ?? end
        var count = lineEnd - start
        line += 1
        if count > 0 && start[count - 1] == UInt8(ascii: "\r") { count -= 1 }
        let row = UnsafeMutableBufferPointer(start: start, count: count)
        if !syntax.isBlank(row) {
          do throws(RowFault) {
            let found = try Self.split(row, as: syntax, into: &fields)
            // 0 stands for a line that is no row.
            if found > 0 {
              rows += 1
              guard found >= needed else { throw .missingColumns(expected: needed, found: found) }
              try body(fields[block.layout.user], fields[block.layout.item], block.layout, line)
            }
          } catch {
            throw .malformedRow(file: file.name, line: line, fault: syntax.named(error))
          }
        }
        start = lineEnd + 1
      }
    }
    guard let failure = source.failure else {
      if let expected = source.openedFiles.last?.entryCount, rows != expected {
        throw .entryCount(file: file.name, expected: expected, found: rows)
      }
      return
    }
    switch failure.cause {
    case .error(let error): throw error
    case .row(let fault): throw .malformedRow(file: file.name, line: line + 1, fault: fault)
    }
  }

  private static func split(
    _ row: UnsafeMutableBufferPointer<UInt8>, as syntax: any RowSyntax, into fields: inout [Field]
  ) throws(RowFault) -> Int {
    try fields.withUnsafeMutableBufferPointer { fields throws(RowFault) in
      try syntax.split(row, into: fields.baseAddress!, limit: fields.count)
    }
  }
}
