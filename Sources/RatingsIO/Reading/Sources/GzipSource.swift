import CZlib

/// What a gzip file decompresses to; members that follow each other are read as one.
final class GzipSource: ByteSource {
  private let file: FileSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// At an address of its own, since zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isBetweenMembers = false
  private var inputEnded = false

  var fileBytesRead: Int { file.fileBytesRead }

  init(_ file: FileSource) throws(RatingsIOError) {
    self.file = file
    stream.initialize(to: z_stream())
    let gzipOnly = Int32(15 + 16)
    let status = inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw corrupt(status) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int {
    let capacity = min(buffer.count, Int(Int32.max))
    guard capacity > 0 else { return 0 }
    stream.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(capacity)
    while stream.pointee.avail_out == UInt32(capacity) {
      if stream.pointee.avail_in == 0 && !inputEnded { try refill() }
      if isBetweenMembers {
        guard try startMember() else { return 0 }
      }
      let status = inflate(stream, Z_NO_FLUSH)
      switch status {
      case Z_OK: break
      case Z_STREAM_END: isBetweenMembers = true
      case Z_BUF_ERROR where inputEnded: throw .truncated(file: file.name, form: "gzip")
      case Z_BUF_ERROR: break
      default: throw corrupt(status)
      }
    }
    return capacity - Int(stream.pointee.avail_out)
  }

  /// Goes on to the next member, or returns false at the end of the file. Zeros after the last member are padding.
  private func startMember() throws(RatingsIOError) -> Bool {
    while true {
      if stream.pointee.avail_in == 0 {
        if !inputEnded { try refill() }
        if stream.pointee.avail_in == 0 { return false }
      }
      if stream.pointee.next_in.pointee != 0 { break }
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    inflateReset(stream)
    isBetweenMembers = false
    return true
  }

  private func refill() throws(RatingsIOError) {
    let count = try file.read(into: input)
    inputEnded = count == 0
    stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
  }

  private func corrupt(_ status: Int32) -> RatingsIOError {
    let detail = stream.pointee.msg.map { String(cString: $0) } ?? String(cString: zError(status))
    return .corrupt(file: file.name, form: "gzip", detail: detail)
  }
}
