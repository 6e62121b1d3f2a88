/// How the rows of a factor matrix are spread over buffers: a device may not give one that is large enough for all.
///
/// All segments but the last have ``rowsPerSegment`` rows. Blocks of solved rows do not cross from one into the next
/// (`BlockCutter`), so that a kernel writes to one buffer; fixed factors are read from all of them (`FIXED_PARAMETERS` of
/// `common.cl`).
public struct FactorSegments: Sendable, Equatable {
  /// The most that kernels know of. Drivers give a quarter of the memory, or more, in one buffer.
  public static let most = 4

  /// Rows of the matrix.
  public let rowCount: Int
  /// Rows of every segment but the last, which may have fewer.
  public let rowsPerSegment: Int

  /// Number of segments, 1 at least.
  public var count: Int { max(1, (rowCount + rowsPerSegment - 1) / rowsPerSegment) }

  /// The rows of a segment.
  func rows(ofSegment segment: Int) -> Range<Int> {
    segment * rowsPerSegment..<min(rowCount, (segment + 1) * rowsPerSegment)
  }

  /// The segment that a row is in.
  func segment(ofRow row: Int) -> Int { row / rowsPerSegment }

  /// Rows of each segment of an area that takes the factors of any of these sides, one at a time.
  static func largestRows(of sides: [FactorSegments]) -> [Int] {
    let most = sides.reduce(0) { max($0, $1.count) }
    return (0..<most).map { segment in
      sides.reduce(0) { $1.count > segment ? max($0, $1.rows(ofSegment: segment).count) : $0 }
    }
  }

  /// As few segments as the limits allow, of about as many rows each; `nil` if that is more than ``most``.
  ///
  /// - Parameter stride: floats of a row on the device.
  init?(rowCount: Int, stride: Int, limits: MemoryLimits) {
    self.rowCount = rowCount
    let allowed = Int(clamping: limits.allocationBytes) / (stride * MemoryLayout<Float>.size)
    if rowCount <= allowed {
      rowsPerSegment = max(1, rowCount)
      return
    }
    let atom = limits.rowsOfAtom(stride: stride)
    let largest = allowed / atom * atom
    guard largest > 0 else { return nil }
    let count = (rowCount + largest - 1) / largest
    guard count <= Self.most else { return nil }
    let share = (rowCount + count - 1) / count
    rowsPerSegment = (share + atom - 1) / atom * atom
  }
}
