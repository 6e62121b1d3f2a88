/// A ZIP archive to read entries from: stored or deflated, with or without ZIP64 records, not encrypted.
struct ZIPArchive {
  /// What the archive's directory says of an entry. Nothing of it is to be trusted before it is checked.
  struct Entry {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    var compressedCount: Int
    var byteCount: Int
    var headerOffset: Int
  }

  let file: ReadableFile
  private let entries: [Entry]

  /// Reads the directory at the end of the file.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)``.
  init(_ file: ReadableFile) throws {
    self.file = file
    let directory = try Self.directoryRange(of: file)
    let bytes = try file.read(directory)
    var entries: [Entry] = []
    var position = 0
    while position < bytes.count {
      guard let (entry, length) = Self.entry(in: bytes, at: position) else {
        throw ModelFileError.damaged(file: file.path, reason: "its ZIP directory is malformed")
      }
      entries.append(entry)
      position += length
    }
    self.entries = entries
  }

  /// Whether there is an entry of a name.
  func holds(_ name: String) -> Bool { entries.contains { $0.name == name } }

  /// The entry of a name.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where there is none.
  func stream(of name: String) throws -> ZIPEntryStream {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw ModelFileError.damaged(file: file.path, reason: "it has no entry \(name)")
    }
    return try ZIPEntryStream(file: file, entry: entry)
  }

  /// Where the directory stands, from the record at the end of the file.
  private static func directoryRange(of file: ReadableFile) throws -> Range<Int> {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    // The record is 22 bytes long and a comment of up to 65,535 bytes may follow.
    let tailStart = max(0, file.byteCount - 22 - 0xFFFF)
    let tail = try file.read(tailStart..<file.byteCount)
    var candidate = tail.count - 22
    while candidate >= 0, tail.littleEndian(at: candidate) != ZIPSignature.endOfDirectory { candidate -= 1 }
    guard candidate >= 0, let size32: UInt32 = tail.littleEndian(at: candidate + 12),
      let offset32: UInt32 = tail.littleEndian(at: candidate + 16)
    else { throw damaged("it is not a ZIP archive (.npz), or it ends early") }
    var size = UInt64(size32)
    var offset = UInt64(offset32)
    let end = tailStart + candidate
    if end >= 20 {
      let locator = try file.read(end - 20..<end)
      if locator.littleEndian(at: 0) == ZIPSignature.zip64Locator {
        guard let recordOffset: UInt64 = locator.littleEndian(at: 8), recordOffset <= UInt64(max(0, end - 56)) else {
          throw damaged("its ZIP64 directory is malformed")
        }
        let record = try file.read(Int(recordOffset)..<Int(recordOffset) + 56)
        guard record.littleEndian(at: 0) == ZIPSignature.zip64EndOfDirectory,
          let size64: UInt64 = record.littleEndian(at: 40), let offset64: UInt64 = record.littleEndian(at: 48)
        else { throw damaged("its ZIP64 directory is malformed") }
        size = size64
        offset = offset64
      }
    }
    // An archive of arrays has a handful of entries; a directory of gigabytes is a lie.
    guard size <= 1 << 24, offset <= UInt64(end), size <= UInt64(end) - offset else {
      throw damaged("its ZIP directory is malformed")
    }
    return Int(offset)..<Int(offset + size)
  }

  /// The entry at a position of the directory, and how long its record is.
  private static func entry(in bytes: [UInt8], at start: Int) -> (Entry, Int)? {
    guard bytes.littleEndian(at: start) == ZIPSignature.directoryHeader,
      let flags: UInt16 = bytes.littleEndian(at: start + 8), flags & 1 == 0,
      let method: UInt16 = bytes.littleEndian(at: start + 10), method == 0 || method == 8,
      let checksum: UInt32 = bytes.littleEndian(at: start + 16),
      let compressed32: UInt32 = bytes.littleEndian(at: start + 20),
      let count32: UInt32 = bytes.littleEndian(at: start + 24),
      let nameCount: UInt16 = bytes.littleEndian(at: start + 28),
      let extraCount: UInt16 = bytes.littleEndian(at: start + 30),
      let commentCount: UInt16 = bytes.littleEndian(at: start + 32),
      let offset32: UInt32 = bytes.littleEndian(at: start + 42)
    else { return nil }
    let nameStart = start + 46
    let extraStart = nameStart + Int(nameCount)
    let extraEnd = extraStart + Int(extraCount)
    guard extraEnd + Int(commentCount) <= bytes.count else { return nil }

    var fields = [UInt64(count32), UInt64(compressed32), UInt64(offset32)]
    var position = extraStart
    while position + 4 <= extraEnd, let id: UInt16 = bytes.littleEndian(at: position),
      let length: UInt16 = bytes.littleEndian(at: position + 2)
    {
      let fieldEnd = position + 4 + Int(length)
      guard fieldEnd <= extraEnd else { return nil }
      if id == ZIPSignature.zip64Extra {
        // Only the fields that overflow are there, in this order.
        var next = position + 4
        for index in fields.indices where fields[index] == UInt64(UInt32.max) {
          guard next + 8 <= fieldEnd, let value: UInt64 = bytes.littleEndian(at: next) else { return nil }
          fields[index] = value
          next += 8
        }
      }
      position = fieldEnd
    }
    guard let count = Int(exactly: fields[0]), let compressed = Int(exactly: fields[1]),
      let offset = Int(exactly: fields[2])
    else { return nil }
    let entry = Entry(
      name: String(decoding: bytes[nameStart..<extraStart], as: UTF8.self), isDeflated: method == 8, checksum: checksum,
      compressedCount: compressed, byteCount: count, headerOffset: offset)
    return (entry, extraEnd + Int(commentCount) - start)
  }
}
