import ALS

extension CSRMatrix {
  /// Writes the matrix as SciPy's `save_npz(compressed=False)` does, for `scipy.sparse.load_npz`.
  package func writeNPZ(to file: WritableFile, zip64Threshold: Int = 0xFFFF_FFFF) throws {
    var archive = ZIPArchiveWriter(file, zip64Threshold: zip64Threshold)
    try add(to: &archive)
    try archive.finish()
  }

  /// Adds the arrays that SciPy's `load_npz` looks for.
  func add(to archive: inout ZIPArchiveWriter) throws {
    try columnIndices.withUnsafeBytes {
      try archive.add(
        name: "indices.npy", head: NPYHeader(elementType: "<i4", shape: [columnIndices.count]).bytes, body: $0)
    }
    if entryCount <= Int(Int32.max) {
      try rowOffsets.map { Int32(truncatingIfNeeded: $0) }.withUnsafeBytes {
        try archive.add(
          name: "indptr.npy", head: NPYHeader(elementType: "<i4", shape: [rowOffsets.count]).bytes, body: $0)
      }
    } else {
      try rowOffsets.withUnsafeBytes {
        try archive.add(
          name: "indptr.npy", head: NPYHeader(elementType: "<i8", shape: [rowOffsets.count]).bytes, body: $0)
      }
    }
    try Array("csr".utf8).withUnsafeBytes {
      try archive.add(name: "format.npy", head: NPYHeader(elementType: "|S3", shape: []).bytes, body: $0)
    }
    try [Int64(rowCount), Int64(columnCount)].withUnsafeBytes {
      try archive.add(name: "shape.npy", head: NPYHeader(elementType: "<i8", shape: [2]).bytes, body: $0)
    }
    try values.withUnsafeBytes {
      try archive.add(name: "data.npy", head: NPYHeader(elementType: "<f4", shape: [values.count]).bytes, body: $0)
    }
  }

  /// Reads a matrix that ``writeNPZ(to:zip64Threshold:)`` or SciPy's `save_npz` wrote, compressed or not. Columns that do
  /// not ascend within a row, as SciPy allows, are sorted.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where it is anything but a valid CSR matrix.
  package init(npz file: ReadableFile) throws {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    let archive = try ZIPArchive(file)
    let format = try NPYArrayReader(archive, name: "format").text()
    guard format == "csr" else {
      throw damaged("it is a SciPy matrix in \"\(format)\" form, not \"csr\": use .tocsr()")
    }
    let shape = try NPYArrayReader(archive, name: "shape").integers(as: Int64.self)
    guard shape.count == 2, shape.allSatisfy({ $0 >= 0 && $0 <= Int64(Int32.max) }) else {
      throw damaged("its shape is not that of a matrix")
    }
    let offsetsArray = try NPYArrayReader(archive, name: "indptr")
    let indicesArray = try NPYArrayReader(archive, name: "indices")
    let valuesArray = try NPYArrayReader(archive, name: "data")
    guard offsetsArray.count == Int(shape[0]) + 1, indicesArray.count == valuesArray.count else {
      throw damaged("the lengths of its arrays disagree")
    }
    let rowOffsets = try offsetsArray.integers(as: Int.self)
    let columnIndices = try indicesArray.integers(as: Int32.self)
    let values = try valuesArray.floats()
    guard rowOffsets.last == values.count else { throw damaged("its row offsets do not end at its last entry") }
    let matrix = CSRMatrix(
      columnCount: Int(shape[1]), rowOffsets: rowOffsets, columnIndices: columnIndices, values: values)
    guard matrix.isValid else { throw damaged("its row offsets descend or its column indices are out of range") }
    self = matrix.withAscendingColumns()
  }

  /// The same matrix with the entries of every row in the order of their columns; duplicates keep theirs.
  private func withAscendingColumns() -> CSRMatrix {
    func ascends(_ row: Int) -> Bool {
      let range = entries(ofRow: row)
      return range.count < 2
        || (range.lowerBound + 1..<range.upperBound).allSatisfy {
          columnIndices[$0 - 1] <= columnIndices[$0]
        }
    }
    guard let first = (0..<rowCount).first(where: { !ascends($0) }) else { return self }
    var indices = columnIndices
    var sorted = values
    for row in first..<rowCount where !ascends(row) {
      let order = entries(ofRow: row).sorted {
        (columnIndices[$0], $0) < (columnIndices[$1], $1)
      }
      for (slot, entry) in zip(entries(ofRow: row), order) {
        indices[slot] = columnIndices[entry]
        sorted[slot] = values[entry]
      }
    }
    return CSRMatrix(columnCount: columnCount, rowOffsets: rowOffsets, columnIndices: indices, values: sorted)
  }
}
