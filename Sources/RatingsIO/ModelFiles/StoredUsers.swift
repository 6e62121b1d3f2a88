import ALS

/// What belongs to the users of a model, where it stands on the disk: the factors and ratings of one user are read when they are asked
/// for, and take no memory else. The system keeps in its cache what is asked for often.
///
/// A model that is replaced meanwhile stays readable: its files are open.
package struct StoredUsers: Sendable {
  /// How many there are.
  package let count: Int
  private let factors: StoredNumbers
  private let rank: Int
  private let ratings: Ratings?

  private enum Ratings {
    case stored(offsets: [Int], columns: StoredNumbers, values: StoredNumbers)
    /// Of a file that is compressed nothing can be found without reading all.
    case loaded(CSRMatrix)
  }

  /// - Parameters:
  ///   - factors: `user_factors.npy`, checked.
  ///   - ratings: `ratings.npz` and what is in it, checked.
  init(factors: ReadableFile, count: Int, rank: Int, ratings: (file: ReadableFile, matrix: CSRMatrix)?) throws {
    self.count = count
    self.rank = rank
    // The numbers are at the end of the file, behind a header.
    self.factors = StoredNumbers(file: factors, offset: factors.byteCount - count * rank * 4)
    self.ratings = try ratings.map { ratings in
      let archive = try ZIPArchive(ratings.file)
      guard let columns = try StoredNumbers(archive, "indices", elementType: "<i4"),
        let values = try StoredNumbers(archive, "data", elementType: "<f4")
      else { return .loaded(ratings.matrix) }
      return .stored(offsets: ratings.matrix.rowOffsets, columns: columns, values: values)
    }
  }

  /// Whether the model keeps its ratings.
  package var keepsRatings: Bool { ratings != nil }

  /// The factors of a user.
  ///
  /// - Throws: ``ModelFileError`` where the disk fails.
  package func factors(ofRow row: Int) throws -> [Float] {
    try factors.read(row * rank..<(row + 1) * rank, as: Float.self)
  }

  /// How many ratings a user has given; 0 where the model keeps none.
  package func ratingCount(ofRow row: Int) -> Int {
    switch ratings {
    case nil: 0
    case .stored(let offsets, _, _): offsets[row + 1] - offsets[row]
    case .loaded(let matrix): matrix.entries(ofRow: row).count
    }
  }

  /// The ratings of a user, items ascending; none where the model keeps none.
  ///
  /// - Throws: ``ModelFileError`` where the disk fails.
  package func ratings(ofRow row: Int) throws -> [(item: Int, rating: Float)] {
    switch ratings {
    case nil: return []
    case .stored(let offsets, let columns, let values):
      let range = offsets[row]..<offsets[row + 1]
      return zip(try columns.read(range, as: Int32.self), try values.read(range, as: Float.self)).map { (Int($0), $1) }
    case .loaded(let matrix):
      return matrix.entries(ofRow: row).map { (Int(matrix.columnIndices[$0]), matrix.values[$0]) }
    }
  }
}

/// A run of numbers of four bytes in a file.
private struct StoredNumbers: Sendable {
  let file: ReadableFile
  let offset: Int

  init(file: ReadableFile, offset: Int) {
    self.file = file
    self.offset = offset
  }

  /// An array of an archive; `nil` where it is compressed or of another type.
  init?(_ archive: ZIPArchive, _ name: String, elementType: String) throws {
    let array = try NPYArrayReader(archive, name: name)
    guard array.header.elementType == elementType, let offset = array.storedOffset else { return nil }
    self.init(file: archive.file, offset: offset)
  }

  func read<Number: BitwiseCopyable>(_ range: Range<Int>, as type: Number.Type) throws -> [Number] {
    try [Number](unsafeUninitializedCapacity: range.count) { buffer, count in
      try file.read(
        into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: range.count * 4),
        at: offset + range.lowerBound * 4)
      count = range.count
    }
  }
}
