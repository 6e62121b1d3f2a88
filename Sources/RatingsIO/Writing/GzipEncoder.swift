import ALS
import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compresses a run of bytes into one gzip member, on all cores. Equal bytes give equal bytes: no time and no name is kept, and
/// where the run is cut depends on nothing else.
///
/// Pieces are compressed side by side, each with the end of the one before as its dictionary, and end on a byte: behind each
/// other they are one deflate stream.
final class GzipEncoder {
  /// Bytes that are compressed as one.
  private static let piece = 1 << 17
  /// What deflate looks back on.
  private static let window = 1 << 15
  /// Bytes gathered before the cores set to work.
  private static let batch = piece * 4 * Parallel.workerCount

  private let path: String
  /// Up to a window of bytes that are compressed already, then those that are not.
  private var pending: [UInt8] = []
  private var dictionary = 0
  private var hasBegun = false
  private var checksum: UInt32 = 0
  private var count: UInt64 = 0

  /// - Parameter path: where the bytes go, for messages.
  init(path: String) { self.path = path }

  /// Compresses bytes and gives what is ready to `write`; all of it where the member is finished.
  ///
  /// - Throws: ``ModelFileError`` where there is no memory, and what `write` throws.
  func encode(_ bytes: UnsafeRawBufferPointer, finishes: Bool, to write: (UnsafeRawBufferPointer) throws -> Void) throws
  {
    pending.append(contentsOf: bytes)
    guard finishes || pending.count - dictionary >= Self.batch else { return }
    if !hasBegun {
      // Magic, deflate, no flags, no time, unknown system.
      let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
      try header.withUnsafeBytes(write)
      hasBegun = true
    }
    let fresh = pending.count - dictionary
    let pieces = finishes ? max(1, (fresh + Self.piece - 1) / Self.piece) : fresh / Self.piece
    guard let results = compressed(pieces: pieces, finishes: finishes) else {
      throw ModelFileError.writing(path, errno: ENOMEM)
    }
    for piece in results {
      checksum = CRC32.combined(checksum, piece.checksum, secondCount: piece.count)
      count += UInt64(piece.count)
      try piece.bytes.withUnsafeBytes(write)
    }
    let done = finishes ? pending.count : dictionary + pieces * Self.piece
    dictionary = min(Self.window, done)
    pending.removeSubrange(..<(done - dictionary))
    guard finishes else { return }
    let words = [checksum.littleEndian, UInt32(truncatingIfNeeded: count).littleEndian]
    try words.withUnsafeBytes(write)
  }

  private struct Piece {
    var bytes: [UInt8] = []
    var checksum: UInt32 = 0
    var count = 0
    var isWhole = false
  }

  private func compressed(pieces: Int, finishes: Bool) -> [Piece]? {
    var results = [Piece](repeating: Piece(), count: pieces)
    let (first, size) = (dictionary, Self.piece)
    pending.withUnsafeBytes { bytes in
      results.withUnsafeMutableBufferPointer { buffer in
        // Every piece is written by one worker.
        nonisolated(unsafe) let results = buffer
        nonisolated(unsafe) let bytes = bytes
        Parallel.perform(pieces) { index in
          let start = first + index * size
          let end = min(bytes.count, start + size)
          results[index] = Self.deflated(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]),
            after: UnsafeRawBufferPointer(rebasing: bytes[max(0, start - Self.window)..<start]),
            isLast: finishes && index == pieces - 1)
        }
      }
    }
    guard results.allSatisfy(\.isWhole) else { return nil }
    return results
  }

  /// One piece; not whole where zlib has no memory.
  private static func deflated(
    _ bytes: UnsafeRawBufferPointer, after dictionary: UnsafeRawBufferPointer, isLast: Bool
  ) -> Piece {
    var piece = Piece()
    var stream = z_stream()
    // zlib checks that its stream has not moved.
    withUnsafeMutablePointer(to: &stream) { stream in
      // A negative window: no wrapper. Level 2 takes a fifth of the time of the default level 6, and its result is an eighth
      // larger: lists are then not waiting for their compression.
      let status = deflateInit2_(
        stream, 2, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { return }
      defer { deflateEnd(stream) }
      if let start = dictionary.baseAddress, !dictionary.isEmpty {
        deflateSetDictionary(stream, start.assumingMemoryBound(to: Bytef.self), UInt32(dictionary.count))
      }
      // zlib takes a pointer to mutable bytes, and only reads from it.
      stream.pointee.next_in = bytes.baseAddress.map {
        UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: Bytef.self))
      }
      stream.pointee.avail_in = UInt32(bytes.count)
      // The bound is that of a finished stream; a flush takes five bytes at most.
      let capacity = Int(deflateBound(stream, uLong(bytes.count))) + 16
      piece.bytes = [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = deflate(stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
        piece.isWhole = status == (isLast ? Z_STREAM_END : Z_OK) && stream.pointee.avail_out > 0
        written = output.count - Int(stream.pointee.avail_out)
      }
    }
    piece.checksum = CRC32.of(bytes)
    piece.count = bytes.count
    return piece
  }
}
