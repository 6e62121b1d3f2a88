import ALS
import CZlib

/// The checksum of ZIP archives (ISO 3309), by zlib.
enum CRC32 {
  /// The checksum of bytes that follow those with the checksum `previous`.
  static func of(_ bytes: UnsafeRawBufferPointer, following previous: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return previous }
    return UInt32(truncatingIfNeeded: crc32_z(uLong(previous), start.assumingMemoryBound(to: Bytef.self), bytes.count))
  }

  /// The checksum of two runs of bytes, one behind the other, from their own.
  static func combined(_ first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_combine(uLong(first), uLong(second), secondCount))
  }

  /// The same as ``of(_:following:)``, on all cores.
  static func concurrently(of bytes: UnsafeRawBufferPointer, following previous: UInt32 = 0) -> UInt32 {
    let grain = 4 << 20
    let pieces = (bytes.count + grain - 1) / grain
    guard pieces > 1 else { return of(bytes, following: previous) }
    var sums = [UInt32](repeating: 0, count: pieces)
    nonisolated(unsafe) let source = bytes
    sums.withUnsafeMutableBufferPointer { buffer in
      // Every sum is written by one worker.
      nonisolated(unsafe) let sums = buffer
      Parallel.perform(pieces) { piece in
        let range = piece * grain..<min(source.count, (piece + 1) * grain)
        sums[piece] = of(UnsafeRawBufferPointer(rebasing: source[range]))
      }
    }
    var total = previous
    for (piece, sum) in sums.enumerated() {
      total = combined(total, sum, secondCount: min(grain, bytes.count - piece * grain))
    }
    return total
  }
}
