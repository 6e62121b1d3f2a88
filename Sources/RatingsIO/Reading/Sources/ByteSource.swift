/// Bytes in order: a file, or what a file decompresses to.
protocol ByteSource: AnyObject {
  /// Fills `buffer` from its start and returns the number of bytes, 0 only at the end (or for an empty buffer).
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int

  /// Bytes taken from the file itself, before decompression.
  var fileBytesRead: Int { get }
}
