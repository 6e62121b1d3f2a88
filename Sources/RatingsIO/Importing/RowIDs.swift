import ALS

/// Reads the ids of the rows of a model that comes without: one a line, in row order, the whole line an id.
public enum RowIDs {
  /// The ids in a file.
  ///
  /// - Throws: ``RatingsIOError``: an id that is none, with its line; not as many as there are rows; one that comes twice.
  public static func read(_ location: Location, count: Int) throws(RatingsIOError) -> IDIndex {
    let name = location.description
    let text = try text(of: location)
    var bytes: [UInt8] = []
    var offsets = [0]
    var lines = text[...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (position, line) in lines.enumerated() {
      var id = line
      if position == 0, id.starts(with: [0xef, 0xbb, 0xbf]) { id.removeFirst(3) }
      if id.last == UInt8(ascii: "\r") { id.removeLast() }
      let fault = id.withUnsafeBufferPointer { id -> RowFault? in
        guard let start = id.baseAddress, !id.isEmpty else { return .emptyID(column: 1) }
        do throws(RowFault) {
          try IDTable.check(Field(start: start, count: id.count), column: 1)
          return nil
        } catch {
          return error
        }
      }
      if let fault { throw .malformedRow(file: name, line: position + 1, fault: fault) }
      bytes.append(contentsOf: id)
      offsets.append(bytes.count)
    }
    guard lines.count == count else { throw .rowIDs(file: name, expected: count, found: lines.count) }
    do {
      return try IDIndex(utf8: bytes, offsets: offsets)
    } catch {
      throw .badMatrix(file: name, reason: "\(error)")
    }
  }

  /// The numbers from 0 on, for rows that have no other ids.
  ///
  /// - Throws: ``RatingsIOError/tooManyIDs(side:count:)``.
  public static func numbers(_ count: Int, side: Side) throws(RatingsIOError) -> IDIndex {
    do {
      return try IDIndex(integers: (0..<count).map { Int64($0) })
    } catch {
      throw .tooManyIDs(side: side.rawValue, count: count)
    }
  }

  private static func text(of location: Location) throws(RatingsIOError) -> [UInt8] {
    guard case .text(let source) = try InputFile.file(at: location).open(options: ReadOptions(format: .tsv)) else {
      return []
    }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let result = block.withUnsafeMutableBytes { block -> Result<Int, RatingsIOError> in
        do throws(RatingsIOError) {
          return .success(try source.read(into: block))
        } catch {
          return .failure(error)
        }
      }
      let count = try result.get()
      if count == 0 { return text }
      text += block[..<count]
    }
  }
}
