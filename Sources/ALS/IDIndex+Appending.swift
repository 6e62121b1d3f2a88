extension IDIndex {
  /// The same rows, and behind them new ones.
  ///
  /// - Throws: ``ALSError/duplicateID(_:)``.
  public func appending(_ ids: [String]) throws(ALSError) -> IDIndex {
    if ids.isEmpty { return self }
    var bytes: [UInt8] = []
    var offsets = [0]
    for row in 0..<count {
      append(row: row, to: &bytes)
      offsets.append(bytes.count)
    }
    for id in ids {
      bytes.append(contentsOf: id.utf8)
      offsets.append(bytes.count)
    }
    return try IDIndex(utf8: bytes, offsets: offsets)
  }
}
