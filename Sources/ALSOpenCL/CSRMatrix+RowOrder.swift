import ALS

extension CSRMatrix {
  /// All rows, longest first, so that no core is left with a long row at the end; rows of equal length in row order.
  var rowsByDescendingLength: [Int32] {
    let lengths = (0..<rowCount).map { entries(ofRow: $0).count }
    return (0..<Int32(rowCount)).sorted { a, b in
      let (lengthA, lengthB) = (lengths[Int(a)], lengths[Int(b)])
      return lengthA > lengthB || (lengthA == lengthB && a < b)
    }
  }
}
