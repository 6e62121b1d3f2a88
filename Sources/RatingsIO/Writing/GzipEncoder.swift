import CZlib

/// Compresses a run of bytes into one gzip member. Equal bytes give equal bytes: no time and no name is kept.
final class GzipEncoder {
  /// zlib keeps a pointer to its stream, so that the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts a member; `nil` where zlib has no memory.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 more than the largest window: a gzip wrapper.
    let status = deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return nil }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses bytes and gives what is ready to `write`; all of it where the member is finished.
  func encode(_ bytes: UnsafeRawBufferPointer, finishes: Bool, to write: (UnsafeRawBufferPointer) throws -> Void) throws
  {
    var done = 0
    repeat {
      let count = min(1 << 30, bytes.count - done)
      // zlib takes a pointer to mutable bytes, and only reads from it.
      stream.pointee.next_in = bytes.baseAddress.map {
        UnsafeMutablePointer(mutating: ($0 + done).assumingMemoryBound(to: Bytef.self))
      }
      stream.pointee.avail_in = UInt32(count)
      done += count
      var isFull = false
      repeat {
        try output.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          _ = deflate(stream, finishes && done == bytes.count ? Z_FINISH : Z_NO_FLUSH)
          isFull = stream.pointee.avail_out == 0
          try write(
            UnsafeRawBufferPointer(
              rebasing: UnsafeRawBufferPointer(output)[..<(output.count - Int(stream.pointee.avail_out))]))
        }
      } while isFull
    } while done < bytes.count
  }
}
