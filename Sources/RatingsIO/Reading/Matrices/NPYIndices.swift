/// Row or column indices in an archive, read in pieces, each checked to be within the matrix.
final class NPYIndices {
  private let array: NPYArrayReader
  private let type: NPYElementType
  private let limit: Int64
  private var done = 0

  /// - Parameter limit: what indices must be below.
  init(_ archive: ZIPArchive, name: String, limit: Int64) throws {
    array = try NPYArrayReader(archive, name: name)
    guard let type = NPYElementType(rawValue: array.header.elementType), type == .int32 || type == .int64 else {
      throw array.damaged("elements \"\(array.header.elementType)\" are not 32-bit or 64-bit whole numbers")
    }
    self.type = type
    self.limit = limit
  }

  func requireCount(_ count: Int) throws {
    guard array.count == count else {
      throw array.damaged("it has \(array.count) elements, but data.npy \(count)")
    }
  }

  /// The next indices.
  func next(_ count: Int) throws -> [Int64] {
    let indices = try array.next(count).withUnsafeBytes {
      type.wholeNumbers($0, stride: type.size, count: count)
    }
    for (position, index) in indices.enumerated() where index < 0 || index >= limit {
      throw array.damaged("element \(done + position) is \(index), out of range: the matrix has \(limit)")
    }
    done += count
    return indices
  }

  func finish() throws { try array.finish() }
}
