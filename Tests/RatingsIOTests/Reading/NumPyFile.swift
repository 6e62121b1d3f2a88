import CZlib

/// Bytes of NumPy's files, made here to be wrong where a test wants them so.
enum NumPyFile {
  /// An array with a header of version 1.
  static func array(_ type: String, _ shape: [Int], _ data: [UInt8], isFortranOrder: Bool = false) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let type = type.hasPrefix("[") ? type : "'\(type)'"
    let text = "{'descr': \(type), 'fortran_order': \(isFortranOrder ? "True" : "False"), 'shape': (\(extents)), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
      + Array(text.utf8) + data
  }

  /// A list of numbers.
  static func array<Value: BitwiseCopyable>(_ type: String, _ values: [Value]) -> [UInt8] {
    array(type, [values.count], bytes(values))
  }

  static func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  /// An archive of stored arrays.
  static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
      let sum = Int(crc32(0, bytes, UInt32(bytes.count)))
      let name = Array("\(name).npy".utf8)
      let common =
        [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + little(sum, 4) + little(bytes.count, 4) + little(bytes.count, 4)
        + little(name.count, 2) + [0, 0]
      directory += [0x50, 0x4b, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10) + little(body.count, 4) + name
      body += [0x50, 0x4b, 3, 4] + common + name + bytes
    }
    return body + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + little(entries.count, 2) + little(entries.count, 2)
      + little(directory.count, 4) + little(body.count, 4) + [0, 0]
  }

  /// What `scipy.sparse.save_npz` writes of a matrix by rows or columns, its parts to be exchanged.
  static func compressed(
    _ format: String = "csr", shape: [Int64] = [2, 3], indptr: [Int32] = [0, 2, 3], indices: [Int32] = [2, 0, 1],
    data: [UInt8] = array("<f4", [5, 0, 1.5] as [Float]), without: String = ""
  ) -> [UInt8] {
    archive(
      [
        ("indices", array("<i4", indices)), ("indptr", array("<i4", indptr)),
        ("format", array("|S\(format.utf8.count)", [], Array(format.utf8))), ("shape", array("<i8", shape)),
        ("data", data),
      ].filter { $0.0 != without })
  }
}
