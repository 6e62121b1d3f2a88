import ALS

/// Cuts matrices into blocks of consecutive rows.
struct BlockCutter {
  private let limits: MemoryLimits
  private let device: String
  /// Blocks begin at multiples of so many rows: there the factors may be addressed as a buffer of their own.
  private let rowsOfAtom: Int

  /// - Parameter stride: floats of a factor row on the device.
  init(stride: Int, limits: MemoryLimits, device: String) {
    self.limits = limits
    self.device = device
    rowsOfAtom = limits.rowsOfAtom(stride: stride)
  }

  /// Ratings that one buffer of columns or values takes.
  private var mostEntriesOfBuffer: Int { Int(clamping: limits.allocationBytes) / MemoryLayout<Float>.size }
  /// Rows whose offsets one buffer takes, and whose plan (16 bytes a row) does.
  private var mostRowsOfBuffer: Int { max(1, Int(clamping: limits.allocationBytes) / 16 - 1) }

  /// The most ratings that cannot be parted.
  func largestAtom(of matrix: CSRMatrix, _ rows: Range<Int>) -> Int {
    var largest = 0
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsOfAtom) {
      let end = min(row + rowsOfAtom, rows.upperBound)
      largest = max(largest, matrix.rowOffsets[end] - matrix.rowOffsets[row])
    }
    return largest
  }

  /// Blocks of at most `mostEntries` ratings, but of what cannot be parted at least; as few as that and the largest buffer allow.
  ///
  /// - Parameters:
  ///   - rows: what is cut. They begin at a multiple of ``rowsOfAtom``, and end at one or with the matrix.
  ///   - segments: of the factors of the matrix's rows. No block has rows of two.
  func blocks(
    of matrix: CSRMatrix, _ rows: Range<Int>, segments: FactorSegments, mostEntries: Int,
    placement: MemoryPlan.Placement, what: String
  ) throws(DeviceMemoryError) -> [MemoryPlan.Block] {
    let mostEntries = min(mostEntries, mostEntriesOfBuffer)
    var blocks: [MemoryPlan.Block] = []
    var start = rows.lowerBound
    // A matrix without rows is one block without rows.
    while start < rows.upperBound || (blocks.isEmpty && matrix.rowCount == 0) {
      let last = min(segments.rows(ofSegment: segments.segment(ofRow: start)).upperBound, rows.upperBound)
      var end = min(start + rowsOfAtom, last)
      while end < last {
        let next = min(end + rowsOfAtom, last)
        guard matrix.rowOffsets[next] - matrix.rowOffsets[start] <= mostEntries, next - start <= mostRowsOfBuffer else {
          break
        }
        end = next
      }
      let entries = matrix.rowOffsets[end] - matrix.rowOffsets[start]
      guard entries <= mostEntriesOfBuffer else {
        throw .rowTooLong(
          what: what, row: start, ratings: entries, limit: limits.allocationBytes, device: device)
      }
      blocks.append(MemoryPlan.Block(rows: start..<end, entryCount: entries, placement: placement))
      if end == rows.upperBound { break }
      start = end
    }
    return blocks
  }
}
