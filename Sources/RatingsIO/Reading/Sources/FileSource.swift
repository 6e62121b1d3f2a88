/// The bytes of a file as they are, of which the first may be looked at before they are read.
final class FileSource: ByteSource {
  let name: String
  private(set) var fileBytesRead = 0
  private let stream: any ByteStream
  /// Bytes that were looked at and not yet read.
  private var peeked: [UInt8] = []

  init(_ file: InputFile) throws(RatingsIOError) {
    name = file.name
    stream = try file.origin.stream(named: file.name)
  }

  /// The first bytes, fewer than `count` only where the file is shorter. They remain to be read.
  func peek(_ count: Int) throws(RatingsIOError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = bytes.withUnsafeMutableBytes { buffer -> Result<Int, RatingsIOError> in
        do throws(RatingsIOError) {
          return .success(try next(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])))
        } catch {
          return .failure(error)
        }
      }
      let received = try result.get()
      if received == 0 { break }
      filled += received
    }
    bytes.removeLast(count - filled)
    peeked = bytes
    return bytes
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int {
    if !peeked.isEmpty {
      let count = min(peeked.count, buffer.count)
      buffer.copyBytes(from: peeked[..<count])
      peeked.removeFirst(count)
      return count
    }
    return try next(into: buffer)
  }

  private func next(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int {
    let count = try stream.read(into: buffer)
    fileBytesRead += count
    return count
  }
}
