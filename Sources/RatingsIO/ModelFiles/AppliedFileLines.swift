import ALS
import FoundationEssentials

/// `applied_files.jsonl`: a JSON object for each file of changes that is in a model.
enum AppliedFileLines {
  static func write(_ files: [AppliedFile], to file: WritableFile) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8] = []
    for applied in files {
      bytes += try encoder.encode(applied)
      bytes.append(UInt8(ascii: "\n"))
      if bytes.count >= LineFile.bufferSize {
        try file.write(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.write(bytes)
  }

  static func read(_ file: ReadableFile, count: Int) throws -> [AppliedFile] {
    let (bytes, offsets) = try LineFile.read(file, count: count, what: "files of changes")
    return try zip(offsets, offsets.dropFirst()).map { start, end in
      try JSONDocument.decode(Array(bytes[start..<end]), path: file.path)
    }
  }
}
