/// A sparse matrix as `scipy.sparse.save_npz` writes it, by rows (csr), by columns (csc) or as coordinates (coo): its rows are
/// users, its columns items, both counted from 0.
///
/// Read in pieces: what a damaged header claims is never allocated.
final class SciPyMatrix: MatrixSource {
  private(set) var layout = FileLayout()
  private let file: ReadableFile
  private let name: String
  private let isTransposed: Bool
  /// Rows and columns.
  private let shape: (rows: Int64, columns: Int64)
  private let order: Order
  private let data: NPYArrayReader
  private let valueType: NPYElementType
  private var done = 0
  private var hasFinished = false

  /// Entries that are read at once: as many as a block of text holds.
  private static let pieceCount = 1 << 18

  /// How entries find their row and column.
  private enum Order {
    case compressed(major: MajorIndices, minor: NPYIndices, byColumns: Bool)
    case coordinates(rows: NPYIndices, columns: NPYIndices)
  }

  init(_ input: InputFile, options: ReadOptions) throws(RatingsIOError) {
    name = input.name
    guard let opened = try input.origin.file(named: input.name) else { throw .matrixFromStream(file: input.name) }
    if options.needsTimes { throw .noTimes(file: input.name) }
    let columns = try MatrixColumns(options.columns, hasValues: true, file: input.name)
    isTransposed = columns.isTransposed
    do {
      file = opened
      let archive = try ZIPArchive(file)
      guard archive.holds("format.npy") else {
        throw ModelFileError.damaged(
          file: opened.path,
          reason: "it is not a sparse matrix as scipy.sparse.save_npz writes it: it has no entry format.npy"
        )
      }
      let form = try NPYArrayReader(archive, name: "format").text()
      guard ["csr", "csc", "coo"].contains(form) else {
        throw RatingsIOError.unsupportedMatrix(
          file: input.name, kind: form, remedy: "in Python, scipy.sparse.save_npz(file, matrix.tocsr())")
      }
      let shapeArray = try NPYArrayReader(archive, name: "shape")
      guard shapeArray.count == 2 else { throw shapeArray.damaged("its shape is not that of a matrix") }
      let extents = try shapeArray.integers(as: Int64.self)
      guard extents.allSatisfy({ $0 >= 0 }) else { throw shapeArray.damaged("its shape is negative") }
      shape = (extents[0], extents[1])
      data = try NPYArrayReader(archive, name: "data")
      guard let type = NPYElementType(rawValue: data.header.elementType) else {
        throw data.damaged("its elements \"\(data.header.elementType)\" are not numbers that can be ratings")
      }
      valueType = type
      if form == "coo" {
        let rows = try NPYIndices(archive, name: "row", limit: shape.rows)
        let columns = try NPYIndices(archive, name: "col", limit: shape.columns)
        order = .coordinates(rows: rows, columns: columns)
        try rows.requireCount(data.count)
        try columns.requireCount(data.count)
      } else {
        let (majorCount, minorCount) = form == "csc" ? (shape.columns, shape.rows) : (shape.rows, shape.columns)
        let minor = try NPYIndices(archive, name: "indices", limit: minorCount)
        try minor.requireCount(data.count)
        let major = try MajorIndices(archive, count: majorCount, entryCount: data.count)
        order = .compressed(major: major, minor: minor, byColumns: form == "csc")
      }
    } catch {
      throw RatingsIOError(reading: input.name, error)
    }
    if columns.hasRatings { layout.rating = 2 }
  }

  var fileBytesRead: Int {
    hasFinished ? file.byteCount : Int(Double(file.byteCount) * Double(done) / Double(max(1, data.count)))
  }

  func next() throws(RatingsIOError) -> EntryBatch? {
    do {
      let count = min(Self.pieceCount, data.count - done)
      guard count > 0 else {
        if !hasFinished { try finish() }
        return nil
      }
      let rows: [Int64]
      let columns: [Int64]
      switch order {
      case .coordinates(let first, let second):
        rows = try first.next(count)
        columns = try second.next(count)
      case .compressed(let major, let minor, let byColumns):
        let (outer, inner) = (try major.next(count), try minor.next(count))
        (rows, columns) = byColumns ? (inner, outer) : (outer, inner)
      }
      var batch = isTransposed ? EntryBatch(users: columns, items: rows) : EntryBatch(users: rows, items: columns)
      let bytes = try data.next(count)
      done += count
      if layout.rating >= 0 {
        var faults: [EntryBatch.Fault] = []
        batch.values = bytes.withUnsafeBytes { bytes in
          NPYColumn(type: valueType, bytes: bytes, stride: valueType.size, count: count)
            .ratings(column: 3, faults: &faults)
        }
        batch.addFaults(
          faults.map { .init(position: $0.position, fault: $0.fault.of(keys: ["row", "column", "data"])) })
      }
      return batch
    } catch {
      throw RatingsIOError(reading: name, error)
    }
  }

  /// Holds what was read to the checksums.
  private func finish() throws {
    try data.finish()
    switch order {
    case .coordinates(let rows, let columns):
      try rows.finish()
      try columns.finish()
    case .compressed(let major, let minor, _):
      try minor.finish()
      try major.finish()
    }
    hasFinished = true
  }
}
