/// The numbers that NumPy stores and gpuals reads: little-endian, in memory order.
enum NPYElementType: String {
  case bool = "|b1"
  case int8 = "|i1"
  case uint8 = "|u1"
  case int16 = "<i2"
  case uint16 = "<u2"
  case int32 = "<i4"
  case uint32 = "<u4"
  case int64 = "<i8"
  case uint64 = "<u8"
  case float32 = "<f4"
  case float64 = "<f8"

  /// Bytes of an element.
  var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Stands for an element that is no whole number of 64 bits.
  static let notWhole = Int64.min

  /// `count` elements, `stride` bytes apart, as whole numbers; ``notWhole`` where they are none.
  func wholeNumbers(_ bytes: UnsafeRawBufferPointer, stride: Int, count: Int) -> [Int64] {
    switch self {
    case .bool, .uint8: elements(bytes, stride, count) { (value: UInt8) in Int64(value) }
    case .int8: elements(bytes, stride, count) { (value: Int8) in Int64(value) }
    case .int16: elements(bytes, stride, count) { (value: Int16) in Int64(value) }
    case .uint16: elements(bytes, stride, count) { (value: UInt16) in Int64(value) }
    case .int32: elements(bytes, stride, count) { (value: Int32) in Int64(value) }
    case .uint32: elements(bytes, stride, count) { (value: UInt32) in Int64(value) }
    case .int64: elements(bytes, stride, count) { (value: Int64) in value }
    case .uint64: elements(bytes, stride, count) { (value: UInt64) in Int64(exactly: value) ?? Self.notWhole }
    case .float32: elements(bytes, stride, count) { (value: Float) in Int64(exactly: value) ?? Self.notWhole }
    case .float64: elements(bytes, stride, count) { (value: Double) in Int64(exactly: value) ?? Self.notWhole }
    }
  }

  /// `count` elements, `stride` bytes apart, as 32-bit floats, which are infinite where elements are beyond.
  func floats(_ bytes: UnsafeRawBufferPointer, stride: Int, count: Int) -> [Float] {
    switch self {
    case .bool, .uint8: elements(bytes, stride, count) { (value: UInt8) in Float(value) }
    case .int8: elements(bytes, stride, count) { (value: Int8) in Float(value) }
    case .int16: elements(bytes, stride, count) { (value: Int16) in Float(value) }
    case .uint16: elements(bytes, stride, count) { (value: UInt16) in Float(value) }
    case .int32: elements(bytes, stride, count) { (value: Int32) in Float(value) }
    case .uint32: elements(bytes, stride, count) { (value: UInt32) in Float(value) }
    case .int64: elements(bytes, stride, count) { (value: Int64) in Float(value) }
    case .uint64: elements(bytes, stride, count) { (value: UInt64) in Float(value) }
    case .float32: elements(bytes, stride, count) { (value: Float) in value }
    case .float64: elements(bytes, stride, count) { (value: Double) in Float(value) }
    }
  }

  /// `count` elements, `stride` bytes apart, as 64-bit floats.
  func doubles(_ bytes: UnsafeRawBufferPointer, stride: Int, count: Int) -> [Double] {
    switch self {
    case .float32: elements(bytes, stride, count) { (value: Float) in Double(value) }
    case .float64: elements(bytes, stride, count) { (value: Double) in value }
    case .uint64: elements(bytes, stride, count) { (value: UInt64) in Double(value) }
    default: wholeNumbers(bytes, stride: stride, count: count).map { Double($0) }
    }
  }

  /// An element as Python would print it, or nearly.
  func text(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> String {
    let element = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size])
    switch self {
    case .float32: return "\(floats(element, stride: size, count: 1)[0])"
    case .float64: return "\(doubles(element, stride: size, count: 1)[0])"
    case .uint64: return "\(element.loadUnaligned(as: UInt64.self))"
    default: return "\(wholeNumbers(element, stride: size, count: 1)[0])"
    }
  }

  @inline(__always)
  private func elements<Source: BitwiseCopyable, Value>(
    _ bytes: UnsafeRawBufferPointer, _ stride: Int, _ count: Int, _ convert: (Source) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      for position in 0..<count {
        let source = bytes.loadUnaligned(fromByteOffset: position * stride, as: Source.self)
        buffer.initializeElement(at: position, to: convert(source))
      }
      initialized = count
    }
  }
}
