extension JSONScanner {
  /// Passes the object that begins at the next byte. `value` is called for each of its keys, and passes what belongs to it.
  @inline(__always)
  mutating func object(
    _ value: (_ scanner: inout JSONScanner, _ key: Field) throws(RowFault) -> Void
  ) throws(RowFault) {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    while true {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      try value(&self, key)
      if take(UInt8(ascii: "}")) { return }
      guard take(UInt8(ascii: ",")) else { throw fault("\",\" or \"}\"") }
    }
  }
}
