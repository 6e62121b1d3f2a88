import ALS

extension FactorMatrix {
  /// Writes the matrix as a NumPy array of 32-bit floats in C order, rows × rank.
  func writeNPY(to file: WritableFile) throws {
    try values.writeNPY(to: file, shape: [rowCount, rank])
  }

  /// Reads a matrix that must be `rowCount` × `rank`, 32-bit floats in C order, all finite.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where it is anything else.
  init(npy file: ReadableFile, rowCount: Int, rank: Int) throws {
    let values = try [Float](npy: file, shape: [rowCount, rank])
    self.init(rank: rank, values: values)
    if !values.areFinite, let row = firstNonFiniteRow {
      throw ModelFileError.damaged(file: file.path, reason: "row \(row) holds an infinity or a NaN")
    }
  }
}

extension [Float] {
  /// Writes the elements as a NumPy array of 32-bit floats in C order.
  func writeNPY(to file: WritableFile, shape: [Int]) throws {
    try file.write(NPYHeader(elementType: "<f4", shape: shape).bytes)
    try withUnsafeBytes { try file.write($0) }
  }

  /// Reads an array of that shape, 32-bit floats in C order.
  ///
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where it is anything else.
  init(npy file: ReadableFile, shape: [Int]) throws {
    func text(_ shape: [Int]) -> String { shape.isEmpty ? "a scalar" : shape.map(String.init).joined(separator: " × ") }
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    var offset = 0
    let header = try NPYHeader(file: file.path) { buffer in
      try file.read(into: buffer, at: offset)
      offset += buffer.count
    }
    guard header.elementType == "<f4" else {
      throw damaged("its elements are \"\(header.elementType)\", not 32-bit floats (\"<f4\")")
    }
    guard !header.isFortranOrder else { throw damaged("it is in Fortran order, not C order") }
    guard header.shape == shape else {
      throw damaged("it holds \(text(header.shape)), but model.json says \(text(shape))")
    }
    // The extents are below 2³¹ and 2¹³, so that this cannot overflow.
    let count = shape.reduce(1, *)
    guard file.byteCount - offset == count * 4 else {
      throw damaged("it is \(file.byteCount) bytes long, not \(offset + count * 4)")
    }
    try self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * 4)
      _ = try file.readConcurrently(into: bytes, at: offset)
      initialized = count
    }
  }
}
