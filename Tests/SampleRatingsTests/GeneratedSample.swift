import SampleRatings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory for one test, removed with everything in it at the end of the value's life.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/gpuals-sample-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp/gpuals-sample-failed"
    }
  }

  deinit {
    Self.remove(path)
  }

  /// Names of what is in a directory, sorted.
  static func entries(of path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func remove(_ path: String) {
    for name in entries(of: path) { remove(path + "/" + name) }
    if unlink(path) != 0 { rmdir(path) }
  }

  /// All bytes of a file.
  static func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// A sample, written and read again.
struct GeneratedSample {
  let summary: SampleSummary
  let ratingsBytes: [UInt8]
  let artistsBytes: [UInt8]
  /// Rows of ratings.tsv.
  let rows: [(user: Int, item: Int, rating: Int)]
  /// Names by artist id.
  let names: [Int: String]

  init(_ shape: SampleShape, seed: UInt64 = 42) throws {
    let directory = TemporaryDirectory()
    summary = try SampleGenerator(shape: shape, seed: seed).write(to: directory.path)
    ratingsBytes = TemporaryDirectory.bytes(of: summary.ratingsPath)
    artistsBytes = TemporaryDirectory.bytes(of: summary.artistsPath)
    rows = ratingsBytes.split(separator: UInt8(ascii: "\n")).map { line in
      let numbers = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { Int(String(decoding: $0, as: UTF8.self)) ?? .min }
      return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : (.min, .min, .min)
    }
    var names: [Int: String] = [:]
    for line in String(decoding: artistsBytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      if parts.count == 2, let id = Int(parts[0]) { names[id] = String(parts[1]) }
    }
    self.names = names
  }

  /// The tiny preset, made once for all tests.
  static let tiny = Result { try GeneratedSample(SamplePreset.tiny.shape) }
  /// A sample of 300,000 rows, made once for all tests.
  static let medium = Result { try GeneratedSample(SampleShape(users: 5_000, items: 4_000, ratings: 300_000)) }

  /// Share of the rows that satisfy `test`.
  func share(_ test: ((user: Int, item: Int, rating: Int)) -> Bool) -> Double {
    Double(rows.reduce(0) { $0 + (test($1) ? 1 : 0) }) / Double(rows.count)
  }

  /// Number of rows per value of `key`.
  func counts(by key: ((user: Int, item: Int, rating: Int)) -> Int) -> [Int: Int] {
    rows.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
  }
}
