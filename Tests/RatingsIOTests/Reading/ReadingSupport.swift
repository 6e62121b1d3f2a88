import ALS
import CZlib
import CZstd
import RatingsIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of a test's own, removed with everything in it.
final class Folder {
  let path: String

  init() {
    var template = Array("/tmp/gpuals-reading-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    remove(path)
  }

  private func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      closedir(directory)
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Writes a file, its directories included, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) -> String {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/" + part
      mkdir(directory, 0o755)
    }
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #elseif canImport(Musl)
          let count = Musl.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #else
          let count = Darwin.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #endif
        if count <= 0 { break }
        written += count
      }
      return written
    }
    close(descriptor)
    return file
  }

  @discardableResult
  func write(_ text: String, to name: String = "ratings.txt") -> String {
    write(Array(text.utf8), to: name)
  }
}

/// A rating with its ids, as tests compare it.
struct Triple: Hashable, CustomStringConvertible {
  var user: String
  var item: String
  var rating: Float

  init(_ user: String, _ item: String, _ rating: Float) {
    (self.user, self.item, self.rating) = (user, item, rating)
  }

  var description: String { "(\(user), \(item), \(rating))" }
}

extension RatingSet {
  /// All ratings, row by row.
  var triples: [Triple] {
    (0..<ratings.rowCount).flatMap { row in
      ratings.entries(ofRow: row).map { entry in
        Triple(users[row], items[Int(ratings.columnIndices[entry])], ratings.values[entry])
      }
    }
  }
}

/// Reads one text.
func read(
  _ text: String, _ options: ReadOptions = ReadOptions(), blockSize: Int = 4 << 20, workers: Int = 2,
  as name: String = "ratings.txt"
) throws -> RatingSet {
  let folder = Folder()
  let path = folder.write(text, to: name)
  return try RatingsReader(options: options, blockSize: blockSize, workerCount: workers).read([Location(path)])
}

/// The failure of reading one text, the folder's path left out of its description.
func failure(
  _ text: String, _ options: ReadOptions = ReadOptions(), blockSize: Int = 4 << 20, workers: Int = 2
) -> String? {
  failure(Array(text.utf8), options, blockSize: blockSize, workers: workers)
}

func failure(
  _ bytes: [UInt8], _ options: ReadOptions = ReadOptions(), blockSize: Int = 4 << 20, workers: Int = 2,
  as name: String = "ratings.txt"
) -> String? {
  let folder = Folder()
  let path = folder.write(bytes, to: name)
  do {
    _ = try RatingsReader(options: options, blockSize: blockSize, workerCount: workers).read([Location(path)])
    return nil
  } catch {
    return description(error, in: folder)
  }
}

func description(_ error: RatingsIOError, in folder: Folder) -> String {
  let pieces = error.description.split(separator: folder.path + "/", omittingEmptySubsequences: false)
  return pieces.joined()
}

/// One gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  let count = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
  }
  deflateEnd(&stream)
  return Array(output[..<count])
}

/// One zstd frame.
func zstd(_ bytes: [UInt8]) -> [UInt8] {
  var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
  let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
  return Array(output[..<count])
}

/// Numbers that are the same in every run.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }
}
