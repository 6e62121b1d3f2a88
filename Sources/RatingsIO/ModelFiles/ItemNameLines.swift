/// `item_names.txt`: one name per line in row order, an empty line where none is known.
enum ItemNameLines {
  /// Writes the names. A line break inside a name becomes a space.
  static func write(_ names: [String?], to file: WritableFile) throws {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(LineFile.bufferSize + 256)
    for name in names {
      if let name {
        let start = buffer.count
        buffer.append(contentsOf: name.utf8)
        for position in start..<buffer.count where buffer[position] == 0x0A || buffer[position] == 0x0D {
          buffer[position] = UInt8(ascii: " ")
        }
      }
      buffer.append(UInt8(ascii: "\n"))
      if buffer.count >= LineFile.bufferSize {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try file.write(buffer)
  }

  /// Reads `count` names.
  static func read(_ file: ReadableFile, count: Int) throws -> [String?] {
    let (bytes, offsets) = try LineFile.read(file, count: count, what: "names")
    return zip(offsets, offsets.dropFirst()).map { start, end in
      start == end ? nil : String(decoding: bytes[start..<end], as: UTF8.self)
    }
  }
}
