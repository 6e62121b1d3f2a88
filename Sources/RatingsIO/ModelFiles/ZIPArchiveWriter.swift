/// Writes a ZIP archive of stored (not compressed) entries, with ZIP64 records where sizes demand them (PKWARE's
/// APPNOTE.TXT 6.3.10). Equal entries give equal bytes: every entry is dated 1980-01-01.
package struct ZIPArchiveWriter {
  private struct Entry {
    var name: String
    var checksum: UInt32
    var byteCount: Int
    var offset: Int
  }

  private let file: WritableFile
  private let zip64Threshold: Int
  private var entries: [Entry] = []
  private var offset = 0

  /// 1980-01-01, the first day that the format can name.
  private static let date: UInt16 = 0x0021

  /// - Parameter zip64Threshold: what 32-bit fields can no longer hold; tests lower it.
  package init(_ file: WritableFile, zip64Threshold: Int = 0xFFFF_FFFF) {
    self.file = file
    self.zip64Threshold = zip64Threshold
  }

  /// Adds an entry that consists of two runs of bytes, as a header and its array do.
  package mutating func add(name: String, head: [UInt8], body: UnsafeRawBufferPointer) throws {
    let checksum = CRC32.concurrently(of: body, following: head.withUnsafeBytes { CRC32.of($0) })
    let entry = Entry(name: name, checksum: checksum, byteCount: head.count + body.count, offset: offset)
    let isLarge = entry.byteCount >= zip64Threshold
    var header: [UInt8] = []
    header.appendLittleEndian(ZIPSignature.localHeader)
    appendCommon(of: entry, isLarge: isLarge, to: &header)
    header.appendLittleEndian(UInt16(entry.name.utf8.count))
    header.appendLittleEndian(UInt16(isLarge ? 20 : 0))
    header += Array(entry.name.utf8)
    if isLarge {
      header.appendLittleEndian(ZIPSignature.zip64Extra)
      header.appendLittleEndian(UInt16(16))
      header.appendLittleEndian(UInt64(entry.byteCount))
      header.appendLittleEndian(UInt64(entry.byteCount))
    }
    try file.write(header + head)
    try file.write(body)
    offset += header.count + entry.byteCount
    entries.append(entry)
  }

  /// Writes the directory of entries. Call it once, in the end.
  package mutating func finish() throws {
    var directory: [UInt8] = []
    for entry in entries {
      let isLarge = entry.byteCount >= zip64Threshold
      let isFar = entry.offset >= zip64Threshold
      var extra: [UInt8] = []
      if isLarge || isFar {
        extra.appendLittleEndian(ZIPSignature.zip64Extra)
        extra.appendLittleEndian(UInt16((isLarge ? 16 : 0) + (isFar ? 8 : 0)))
        if isLarge {
          extra.appendLittleEndian(UInt64(entry.byteCount))
          extra.appendLittleEndian(UInt64(entry.byteCount))
        }
        if isFar { extra.appendLittleEndian(UInt64(entry.offset)) }
      }
      directory.appendLittleEndian(ZIPSignature.directoryHeader)
      directory.appendLittleEndian(UInt16(45))  // made by a program that knows ZIP64
      appendCommon(of: entry, isLarge: isLarge, needsZIP64: isLarge || isFar, to: &directory)
      directory.appendLittleEndian(UInt16(entry.name.utf8.count))
      directory.appendLittleEndian(UInt16(extra.count))
      directory.appendLittleEndian(UInt16(0))  // comment
      directory.appendLittleEndian(UInt16(0))  // disk
      directory.appendLittleEndian(UInt16(0))  // internal attributes
      directory.appendLittleEndian(UInt32(0o100644) << 16)  // a regular file, as Unix has it
      directory.appendLittleEndian(isFar ? UInt32.max : UInt32(entry.offset))
      directory += Array(entry.name.utf8) + extra
    }
    let isFar = offset >= zip64Threshold
    var end = isFar ? zip64End(directoryCount: directory.count) : []
    end.appendLittleEndian(ZIPSignature.endOfDirectory)
    end.appendLittleEndian(UInt16(0))
    end.appendLittleEndian(UInt16(0))
    end.appendLittleEndian(UInt16(entries.count))
    end.appendLittleEndian(UInt16(entries.count))
    end.appendLittleEndian(UInt32(directory.count))
    end.appendLittleEndian(isFar ? UInt32.max : UInt32(offset))
    end.appendLittleEndian(UInt16(0))
    try file.write(directory + end)
  }

  /// The fields that both headers of an entry share, from the needed version to the sizes.
  private func appendCommon(of entry: Entry, isLarge: Bool, needsZIP64: Bool? = nil, to output: inout [UInt8]) {
    output.appendLittleEndian(UInt16(needsZIP64 ?? isLarge ? 45 : 20))
    output.appendLittleEndian(UInt16(0))  // flags
    output.appendLittleEndian(UInt16(0))  // stored
    output.appendLittleEndian(UInt16(0))  // midnight
    output.appendLittleEndian(Self.date)
    output.appendLittleEndian(entry.checksum)
    output.appendLittleEndian(isLarge ? UInt32.max : UInt32(entry.byteCount))
    output.appendLittleEndian(isLarge ? UInt32.max : UInt32(entry.byteCount))
  }

  private func zip64End(directoryCount: Int) -> [UInt8] {
    var end: [UInt8] = []
    end.appendLittleEndian(ZIPSignature.zip64EndOfDirectory)
    end.appendLittleEndian(UInt64(44))  // length of what follows
    end.appendLittleEndian(UInt16(45))
    end.appendLittleEndian(UInt16(45))
    end.appendLittleEndian(UInt32(0))
    end.appendLittleEndian(UInt32(0))
    end.appendLittleEndian(UInt64(entries.count))
    end.appendLittleEndian(UInt64(entries.count))
    end.appendLittleEndian(UInt64(directoryCount))
    end.appendLittleEndian(UInt64(offset))
    end.appendLittleEndian(ZIPSignature.zip64Locator)
    end.appendLittleEndian(UInt32(0))
    end.appendLittleEndian(UInt64(offset + directoryCount))
    end.appendLittleEndian(UInt32(1))
    return end
  }
}

/// Numbers that mark the records of a ZIP archive.
enum ZIPSignature {
  static let localHeader: UInt32 = 0x0403_4B50
  static let directoryHeader: UInt32 = 0x0201_4B50
  static let endOfDirectory: UInt32 = 0x0605_4B50
  static let zip64EndOfDirectory: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50
  static let zip64Extra: UInt16 = 0x0001
}
