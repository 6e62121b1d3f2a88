#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file or of standard input.
final class FileSource: ByteSource {
  let name: String
  private(set) var fileBytesRead = 0
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  /// Bytes that were looked at and not yet read.
  private var peeked: [UInt8] = []

  init(_ file: InputFile) throws(RatingsIOError) {
    name = file.name
    if let path = file.path {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      ownsDescriptor = true
      guard descriptor >= 0 else {
        throw errno == ENOENT ? .notFound(file: name) : .unreadable(file: name, status: errno)
      }
    } else {
      descriptor = STDIN_FILENO
      ownsDescriptor = false
    }
  }

  deinit {
    if ownsDescriptor && descriptor >= 0 { close(descriptor) }
  }

  /// The first bytes, fewer than `count` only where the file is shorter. They remain to be read.
  func peek(_ count: Int) throws(RatingsIOError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = bytes.withUnsafeMutableBytes { buffer in
        systemRead(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
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
    return try systemRead(into: buffer).get()
  }

  private func systemRead(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, RatingsIOError> {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 {
        fileBytesRead += count
        return .success(count)
      }
      switch errno {
      case EINTR: continue
      case EISDIR: return .failure(.isDirectory(file: name))
      default: return .failure(.readFailed(file: name, status: errno))
      }
    }
  }
}
