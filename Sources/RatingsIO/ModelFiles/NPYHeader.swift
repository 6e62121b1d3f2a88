/// The header of NumPy's array format, versions 1 to 3
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NPYHeader: Equatable {
  /// The type of an element, as NumPy words it: `<f4`.
  var elementType: String
  /// The fields of an element, where it is a record; its type is then called `record`.
  var fields: [NPYField] = []
  /// Whether the first index varies fastest.
  var isFortranOrder = false
  /// The extent of each dimension; empty for a scalar.
  var shape: [Int]

  /// Number of elements; `nil` where it is more than 63 bits hold.
  var elementCount: Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The header's bytes, the same ones that `numpy.save` writes.
  var bytes: [UInt8] {
    let extents = shape.map(String.init)
    let shapeText = extents.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
    var text =
      "{'descr': '\(elementType)', 'fortran_order': \(isFortranOrder ? "True" : "False"), 'shape': \(shapeText), }"
    // NumPy leaves room for the first extent to grow to 21 digits in place.
    if let first = extents.first { text += String(repeating: " ", count: max(0, 21 - first.utf8.count)) }
    let prefixCount = 10
    let padding = 64 - (prefixCount + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}

extension NPYHeader {
  /// Reads a header from where `read` stands; the data follow.
  ///
  /// - Parameters:
  ///   - file: what to call it in errors.
  ///   - read: fills a buffer with the next bytes.
  /// - Throws: ``ModelFileError/damaged(file:reason:)``, and what `read` throws.
  init(file: String, read: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    func next(_ count: Int) throws -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      try bytes.withUnsafeMutableBytes { try read($0) }
      return bytes
    }
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file, reason: reason) }

    let start = try next(8)
    guard start[0] == 0x93, start[1..<6].elementsEqual("NUMPY".utf8) else {
      throw damaged("it is not a NumPy array (.npy)")
    }
    guard (1...3).contains(start[6]) else { throw damaged("NumPy format version \(start[6]) is unknown") }
    let lengthBytes = try next(start[6] == 1 ? 2 : 4)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 1 << 16 else { throw damaged("its NumPy header is too long") }
    guard let header = NPYHeader(literal: try next(length)) else { throw damaged("its NumPy header is malformed") }
    self = header
  }

  /// Parses the Python dictionary that a header consists of.
  private init?(literal: [UInt8]) {
    var parser = PythonLiteralParser(literal)
    guard parser.take("{") else { return nil }
    var elementType: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    var fields: [NPYField] = []
    while !parser.take("}") {
      guard let key = parser.string(), parser.take(":") else { return nil }
      switch key {
      case "descr":
        if parser.isAt("[") {
          guard let list = parser.fields() else { return nil }
          (fields, elementType) = (list, "record")
        } else {
          elementType = parser.string()
        }
      case "fortran_order": isFortranOrder = parser.boolean()
      case "shape": shape = parser.tuple()
      default: return nil
      }
      if !parser.take(",") {
        guard parser.take("}") else { return nil }
        break
      }
    }
    guard parser.isAtEnd, let elementType, let isFortranOrder, let shape else { return nil }
    self.init(elementType: elementType, fields: fields, isFortranOrder: isFortranOrder, shape: shape)
  }
}
