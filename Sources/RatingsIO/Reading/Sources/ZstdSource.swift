import CZstd

/// What a zstd file decompresses to; frames that follow each other are read as one.
final class ZstdSource: ByteSource {
  private let file: FileSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  private let stream: OpaquePointer
  private var position = 0
  private var filled = 0
  private var isInsideFrame = false

  var fileBytesRead: Int { file.fileBytesRead }

  init(_ file: FileSource) throws(RatingsIOError) {
    guard let stream = ZSTD_createDStream() else {
      throw .corrupt(file: file.name, form: "zstd", detail: "no memory for the decompressor")
    }
    self.file = file
    self.stream = stream
    // Files made with `zstd --long=31` are read as they are. Where it is too much for the system, the limit stays lower.
    for windowLog in [Int32(31), 30] {
      if ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, windowLog)) == 0 { break }
    }
  }

  deinit {
    ZSTD_freeDStream(stream)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos == 0 {
      var inputEnded = false
      if position == filled {
        position = 0
        filled = try file.read(into: input)
        inputEnded = filled == 0
        if inputEnded && !isInsideFrame { return 0 }
      }
      var source = ZSTD_inBuffer(src: input.baseAddress, size: filled, pos: position)
      let status = ZSTD_decompressStream(stream, &output, &source)
      position = source.pos
      if ZSTD_isError(status) != 0 {
        throw .corrupt(file: file.name, form: "zstd", detail: String(cString: ZSTD_getErrorName(status)))
      }
      isInsideFrame = status != 0
      // At the end of the file the decompressor may still hold output back, so that truncation shows only here.
      if inputEnded && output.pos == 0 { throw .truncated(file: file.name, form: "zstd") }
    }
    return output.pos
  }
}
