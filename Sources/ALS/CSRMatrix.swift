/// A sparse matrix in compressed sparse row form: the ratings of row `u` are the entries
/// `rowOffsets[u] ..< rowOffsets[u + 1]` of `columnIndices` and `values`.
///
/// Offsets are 64-bit, so that ratings may number more than 2³¹; columns ascend within a row. A pair may stand more than
/// once (the `keep` policy for duplicates): each entry then counts, as in Spark.
public struct CSRMatrix: Sendable, Equatable {
  /// Number of columns. Every column index is below it.
  public let columnCount: Int
  /// `rowCount + 1` ascending offsets; the first is 0, the last is ``entryCount``.
  public let rowOffsets: [Int]
  /// Column of each entry.
  public let columnIndices: [Int32]
  /// Rating of each entry.
  public let values: [Float]

  /// Takes the arrays as they are, without a copy.
  ///
  /// - Precondition: the shapes agree as documented on the properties. Use ``isValid`` on data of unknown origin.
  public init(columnCount: Int, rowOffsets: [Int], columnIndices: [Int32], values: [Float]) {
    precondition(!rowOffsets.isEmpty && columnIndices.count == values.count && rowOffsets.last == values.count)
    self.columnCount = columnCount
    self.rowOffsets = rowOffsets
    self.columnIndices = columnIndices
    self.values = values
  }

  /// Number of rows.
  public var rowCount: Int { rowOffsets.count - 1 }

  /// Number of stored ratings.
  public var entryCount: Int { values.count }

  /// The range of entries of a row.
  @inlinable
  public func entries(ofRow row: Int) -> Range<Int> { rowOffsets[row]..<rowOffsets[row + 1] }

  /// Whether offsets ascend from 0 and every column index is in range; O(rows + entries).
  public var isValid: Bool {
    guard rowOffsets.first == 0, rowOffsets.last == values.count, columnIndices.count == values.count else {
      return false
    }
    guard zip(rowOffsets, rowOffsets.dropFirst()).allSatisfy({ $0 <= $1 }) else { return false }
    return columnIndices.allSatisfy { $0 >= 0 && Int($0) < columnCount }
  }

  /// A fingerprint of shape and content (FNV-1a over 64-bit words), equal for equal matrices: tells `--resume` whether
  /// it has the same ratings as before. Not a cryptographic hash.
  public var fingerprint: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }
    mix(UInt64(rowCount))
    mix(UInt64(columnCount))
    for offset in rowOffsets { mix(UInt64(offset)) }
    for entry in 0..<entryCount {
      mix(UInt64(UInt32(bitPattern: columnIndices[entry])) << 32 | UInt64(values[entry].bitPattern))
    }
    return hash
  }
}
