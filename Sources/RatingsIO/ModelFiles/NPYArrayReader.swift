/// One array inside an `.npz` archive: a header, and elements that are converted to what is asked for.
struct NPYArrayReader {
  let header: NPYHeader
  let count: Int
  private let stream: ZIPEntryStream

  /// Opens the array of a name and checks that it fills its entry.
  init(_ archive: ZIPArchive, name: String) throws {
    let stream = try archive.stream(of: name + ".npy")
    self.stream = stream
    header = try NPYHeader(file: stream.name) { try stream.read(into: $0) }
    // A matrix of two dimensions in C order, and anything of one or none, is a plain run of elements.
    guard let count = header.elementCount, let size = Self.size(of: header.elementType),
      count <= Int.max / max(1, size),
      count * size == stream.remaining
    else { throw stream.damaged("its size and its elements \"\(header.elementType)\" disagree") }
    self.count = count
  }

  func damaged(_ reason: String) -> ModelFileError { stream.damaged(reason) }

  /// Where the next element stands in the file of the archive; `nil` where it is compressed.
  var storedOffset: Int? { stream.storedOffset }

  /// The bytes of a scalar text such as `b'csr'`, or of one in 32-bit characters.
  func text() throws -> String {
    guard header.shape.isEmpty, let kind = header.elementType.dropFirst().first, kind == "S" || kind == "U" else {
      throw damaged("it is not a text")
    }
    var bytes = [UInt8](repeating: 0, count: stream.remaining)
    try bytes.withUnsafeMutableBytes { try stream.read(into: $0) }
    try stream.finish()
    return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
  }

  /// The bytes of the next elements.
  func next(_ count: Int) throws -> [UInt8] {
    let size = Self.size(of: header.elementType) ?? 1
    guard count <= stream.remaining / size else { throw damaged("it ends early") }
    return try [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
      try stream.read(into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * size))
      initialized = count * size
    }
  }

  /// Checks that everything was read and that the checksum holds.
  func finish() throws { try stream.finish() }

  /// The elements as 32-bit floats.
  func floats() throws -> [Float] {
    switch header.elementType {
    case "<f4": try elements(as: Float.self)
    case "<f8": try elements(from: Double.self) { Float($0) }
    case "|b1", "|u1": try elements(from: UInt8.self) { Float($0) }
    case "|i1": try elements(from: Int8.self) { Float($0) }
    case "<i2": try elements(from: Int16.self) { Float($0) }
    case "<u2": try elements(from: UInt16.self) { Float($0) }
    case "<i4": try elements(from: Int32.self) { Float($0) }
    case "<u4": try elements(from: UInt32.self) { Float($0) }
    case "<i8": try elements(from: Int64.self) { Float($0) }
    case "<u8": try elements(from: UInt64.self) { Float($0) }
    default: throw damaged("elements \"\(header.elementType)\" are not numbers that gpuals reads")
    }
  }

  /// The elements as signed whole numbers of a width.
  func integers<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(as type: Value.Type) throws -> [Value] {
    switch header.elementType {
    case "<i4":
      if Value.bitWidth == 32 { return try elements(as: Value.self) }
      return try elements(from: Int32.self) { try narrowed(Int64($0)) }
    case "<i8":
      if Value.bitWidth == 64 { return try elements(as: Value.self) }
      return try elements(from: Int64.self) { try narrowed($0) }
    default: throw damaged("elements \"\(header.elementType)\" are not 32-bit or 64-bit whole numbers")
    }
  }

  private func narrowed<Value: FixedWidthInteger>(_ value: Int64) throws -> Value {
    guard let narrowed = Value(exactly: value) else { throw damaged("\(value) is out of range") }
    return narrowed
  }

  /// The elements as they are.
  private func elements<Value: BitwiseCopyable>(as type: Value.Type) throws -> [Value] {
    let values = try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      try stream.read(
        into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * MemoryLayout<Value>.stride))
      initialized = count
    }
    try stream.finish()
    return values
  }

  /// The elements, converted in pieces.
  private func elements<Source: BitwiseCopyable, Value: BitwiseCopyable>(
    from type: Source.Type, _ convert: (Source) throws -> Value
  ) throws -> [Value] {
    var piece = [UInt8](repeating: 0, count: min(1 << 20, count) * MemoryLayout<Source>.stride)
    let values = try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let length = min(1 << 20, count - initialized)
        try piece.withUnsafeMutableBytes { bytes in
          let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(length * MemoryLayout<Source>.stride)])
          try stream.read(into: part)
          for index in 0..<length {
            let source = part.loadUnaligned(fromByteOffset: index * MemoryLayout<Source>.stride, as: Source.self)
            buffer.initializeElement(at: initialized + index, to: try convert(source))
          }
        }
        initialized += length
      }
    }
    try stream.finish()
    return values
  }

  /// Bytes of an element; `nil` for types that nobody here reads.
  private static func size(of elementType: String) -> Int? {
    guard elementType.utf8.count >= 3, let order = elementType.first, order == "<" || order == "|",
      let kind = elementType.dropFirst().first, let size = Int(elementType.dropFirst(2)), size >= 1, size <= 1024
    else { return nil }
    return kind == "U" ? size * 4 : size
  }
}
