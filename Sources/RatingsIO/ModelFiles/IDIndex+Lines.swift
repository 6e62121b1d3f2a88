import ALS

extension IDIndex {
  /// Writes one id per line in row order.
  ///
  /// - Throws: ``ModelFileError/incompleteModel(reason:)`` for an id that is not one line.
  func writeLines(to file: WritableFile) throws {
    if case .texts(let bytes, let offsets) = storage {
      for row in 0..<count {
        let id = bytes[offsets[row]..<offsets[row + 1]]
        guard !id.isEmpty, !id.contains(UInt8(ascii: "\n")) else {
          throw ModelFileError.incompleteModel(reason: "the id \"\(self[row])\" of row \(row) is not one line of text")
        }
      }
    }
    var buffer: [UInt8] = []
    buffer.reserveCapacity(LineFile.bufferSize + 256)
    for row in 0..<count {
      append(row: row, to: &buffer)
      buffer.append(UInt8(ascii: "\n"))
      if buffer.count >= LineFile.bufferSize {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try file.write(buffer)
  }

  /// Reads `count` lines of ids.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where there are more or fewer, or one is empty or comes twice.
  init(lines file: ReadableFile, count: Int) throws {
    let (bytes, offsets) = try LineFile.read(file, count: count, what: "ids")
    for (row, (start, end)) in zip(offsets, offsets.dropFirst()).enumerated() where start == end {
      throw ModelFileError.damaged(file: file.path, reason: "line \(row + 1) is empty")
    }
    do {
      try self.init(utf8: bytes, offsets: offsets)
    } catch {
      throw ModelFileError.damaged(file: file.path, reason: "\(error)")
    }
  }
}
