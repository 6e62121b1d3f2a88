#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of one text per line: ids and names.
enum LineFile {
  /// Bytes that are gathered before they are written.
  static let bufferSize = 1 << 20

  /// The lines of a file as one run of bytes without the newlines, and where each begins and ends.
  ///
  /// - Parameters:
  ///   - count: how many lines there must be.
  ///   - what: what they are, for messages.
  /// - Throws: ``ModelFileError/damaged(file:reason:)``.
  static func read(_ file: ReadableFile, count: Int, what: String) throws -> (bytes: [UInt8], offsets: [Int]) {
    let text = try file.readAll()
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    guard text.isEmpty || text.last == UInt8(ascii: "\n") else {
      throw damaged("its last line does not end: the file was cut short")
    }
    var offsets: [Int] = [0]
    // The count comes from another file; only the text itself can be trusted with memory.
    offsets.reserveCapacity(min(count, text.count) + 1)
    let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { output, outputCount in
      text.withUnsafeBufferPointer { text in
        guard let base = text.baseAddress, let target = output.baseAddress else { return }
        var position = 0
        while position < text.count, let newline = memchr(base + position, 0x0A, text.count - position) {
          let length = newline - UnsafeMutableRawPointer(mutating: base + position)
          memcpy(target + outputCount, base + position, length)
          outputCount += length
          offsets.append(outputCount)
          position += length + 1
        }
      }
    }
    guard offsets.count - 1 == count else {
      throw damaged("it holds \(offsets.count - 1) \(what), but model.json says \(count)")
    }
    return (bytes, offsets)
  }
}
