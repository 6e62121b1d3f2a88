import CZlib

/// The content of one entry of a ZIP archive, read from its beginning to its end, inflated where it is deflated.
final class ZIPEntryStream {
  /// Archive and entry, for messages.
  let name: String
  private let file: ReadableFile
  private let entry: ZIPArchive.Entry
  private var nextOffset: Int
  private let dataEnd: Int
  private var checksum: UInt32 = 0
  /// Number of bytes that are still to come.
  private(set) var remaining: Int

  /// zlib keeps a pointer to its stream, so that the stream must not move.
  private let inflater: UnsafeMutablePointer<z_stream>?
  private var input: [UInt8] = []
  private var inputPosition = 0

  init(file: ReadableFile, entry: ZIPArchive.Entry) throws {
    name = "\(file.path) (\(entry.name))"
    self.file = file
    self.entry = entry
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: "\(entry.name): \(reason)") }

    guard entry.headerOffset <= file.byteCount - 30 else { throw damaged("its ZIP offset is out of range") }
    let header = try file.read(entry.headerOffset..<entry.headerOffset + 30)
    guard header.littleEndian(at: 0) == ZIPSignature.localHeader,
      let nameCount: UInt16 = header.littleEndian(at: 26), let extraCount: UInt16 = header.littleEndian(at: 28)
    else { throw damaged("its ZIP header is malformed") }
    let start = entry.headerOffset + 30 + Int(nameCount) + Int(extraCount)
    guard start <= file.byteCount, entry.compressedCount <= file.byteCount - start else {
      throw damaged("its ZIP size is out of range")
    }
    nextOffset = start
    dataEnd = start + entry.compressedCount
    remaining = entry.byteCount
    guard entry.isDeflated else {
      guard entry.byteCount == entry.compressedCount else { throw damaged("its ZIP sizes disagree") }
      inflater = nil
      return
    }
    // Deflate makes data at most 1,032 times smaller: beyond that the size is a lie, and nobody is to allocate for it.
    guard entry.byteCount / 1040 <= entry.compressedCount else { throw damaged("its ZIP sizes disagree") }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative window bits: deflate without a wrapper.
    guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw damaged("zlib cannot start")
    }
    inflater = stream
  }

  deinit {
    if let inflater {
      inflateEnd(inflater)
      inflater.deallocate()
    }
  }

  func damaged(_ reason: String) -> ModelFileError {
    .damaged(file: file.path, reason: "\(entry.name): \(reason)")
  }

  /// Fills a buffer with the next bytes.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where the entry ends before.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    guard buffer.count <= remaining else { throw damaged("it ends early") }
    guard buffer.count > 0 else { return }
    if inflater == nil {
      let sum = try file.readConcurrently(into: buffer, at: nextOffset, computesCRC: true)
      checksum = CRC32.combined(checksum, sum, secondCount: buffer.count)
      nextOffset += buffer.count
    } else {
      try inflate(into: buffer)
      checksum = CRC32.concurrently(of: UnsafeRawBufferPointer(buffer), following: checksum)
    }
    remaining -= buffer.count
  }

  /// Where the next byte stands in the file; `nil` where it is compressed.
  var storedOffset: Int? { inflater == nil ? nextOffset : nil }

  /// Checks that everything was read and that the checksum holds.
  func finish() throws {
    guard remaining == 0 else { throw damaged("it is longer than its array") }
    guard checksum == entry.checksum else { throw damaged("its checksum is wrong") }
  }

  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let inflater, let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      if inputPosition == input.count {
        let count = min(1 << 18, dataEnd - nextOffset)
        input = try file.read(nextOffset..<nextOffset + count)
        inputPosition = 0
        nextOffset += count
      }
      let room = min(1 << 30, buffer.count - done)
      let (status, consumed, produced) = input.withUnsafeMutableBufferPointer { input in
        inflater.pointee.next_in = input.baseAddress.map { $0 + inputPosition }
        inflater.pointee.avail_in = UInt32(input.count - inputPosition)
        inflater.pointee.next_out = (base + done).assumingMemoryBound(to: Bytef.self)
        inflater.pointee.avail_out = UInt32(room)
        let status = CZlib.inflate(inflater, Z_NO_FLUSH)
        return (
          status, input.count - inputPosition - Int(inflater.pointee.avail_in), room - Int(inflater.pointee.avail_out)
        )
      }
      inputPosition += consumed
      done += produced
      guard status == Z_OK || status == Z_STREAM_END else { throw damaged("its compressed data are malformed") }
      if done < buffer.count, status == Z_STREAM_END || (consumed == 0 && produced == 0) {
        throw damaged("its compressed data end early")
      }
    }
  }
}
