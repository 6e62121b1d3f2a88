/// The rows of the entries of a matrix by rows (or the columns of one by columns), from where each row starts, read in pieces.
final class MajorIndices {
  private let array: NPYArrayReader
  private let type: NPYElementType
  private let entryCount: Int64
  /// Starts that were read, and how many of them have been used.
  private var piece: [Int64] = []
  private var used = 0
  private var read = 0
  /// The current row, where it ends, and the next entry.
  private var row: Int64 = -1
  private var end: Int64 = 0
  private var entry: Int64 = 0

  private static let pieceCount = 1 << 16

  init(_ archive: ZIPArchive, count: Int64, entryCount: Int) throws {
    array = try NPYArrayReader(archive, name: "indptr")
    guard let type = NPYElementType(rawValue: array.header.elementType), type == .int32 || type == .int64 else {
      throw array.damaged("elements \"\(array.header.elementType)\" are not 32-bit or 64-bit whole numbers")
    }
    guard Int64(array.count) - 1 == count else {
      throw array.damaged("it has \(array.count) elements, but the shape needs one more than \(count)")
    }
    self.type = type
    self.entryCount = Int64(entryCount)
    guard try nextStart() == 0 else { throw array.damaged("it does not begin with 0") }
  }

  /// The rows of the next entries.
  func next(_ count: Int) throws -> [Int64] {
    var rows: [Int64] = []
    rows.reserveCapacity(count)
    while rows.count < count {
      while entry == end {
        let next = try nextStart()
        guard next >= end else { throw array.damaged("it descends from \(end) to \(next) behind row \(row + 1)") }
        guard next <= entryCount else { throw array.damaged("it says \(next) entries, but there are \(entryCount)") }
        end = next
        row += 1
      }
      let length = min(Int(end - entry), count - rows.count)
      rows.append(contentsOf: repeatElement(row, count: length))
      entry += Int64(length)
    }
    return rows
  }

  /// Checks that no more entries are promised.
  func finish() throws {
    while read < array.count || used < piece.count {
      let next = try nextStart()
      guard next == entryCount else { throw array.damaged("it says \(next) entries, but there are \(entryCount)") }
    }
    guard end == entryCount else { throw array.damaged("it ends with \(end), but there are \(entryCount) entries") }
    try array.finish()
  }

  private func nextStart() throws -> Int64 {
    if used == piece.count {
      let count = min(Self.pieceCount, array.count - read)
      guard count > 0 else { throw array.damaged("it ends with \(end), but there are \(entryCount) entries") }
      piece = try array.next(count).withUnsafeBytes { type.wholeNumbers($0, stride: type.size, count: count) }
      read += count
      used = 0
    }
    used += 1
    return piece[used - 1]
  }
}
