/// One field of the records of a structured NumPy array.
struct NPYField: Equatable {
  var name: String
  /// The type of its elements, as NumPy words it.
  var elementType: String
  /// Elements in the field; 1 unless it is an array itself.
  var count = 1

  /// Its bytes; `nil` where they cannot be told.
  var size: Int? {
    guard let size = Self.size(of: elementType) else { return nil }
    let (bytes, overflow) = size.multipliedReportingOverflow(by: count)
    return overflow ? nil : bytes
  }

  /// Bytes of a record.
  static func size(of fields: [NPYField]) -> Int? {
    var total = 0
    for field in fields {
      guard let size = field.size, size <= Int.max - total else { return nil }
      total += size
    }
    return total > 0 ? total : nil
  }

  /// Bytes of an element of any type of fixed size: order, kind, size, and a unit for times.
  static func size(of elementType: String) -> Int? {
    guard let order = elementType.first, "<>|=".contains(order), let kind = elementType.dropFirst().first,
      "biufcSUVmM".contains(kind), let size = Int(elementType.dropFirst(2).prefix { $0.isNumber }),
      (1...1 << 20).contains(size)
    else { return nil }
    return kind == "U" ? 4 * size : size
  }
}
