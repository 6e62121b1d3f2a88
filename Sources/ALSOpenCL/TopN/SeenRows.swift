import ALS

/// For each of a batch of users the rows that are not recommended, ascending.
struct SeenRows {
  /// users + 1 offsets into ``rows``.
  private(set) var offsets: [UInt64] = [0]
  /// Rows of items.
  private(set) var rows: [Int32] = []

  /// Gathers the entries of the users in all matrices.
  init(of users: ArraySlice<Int>, in matrices: [CSRMatrix]) {
    offsets.reserveCapacity(users.count + 1)
    var total = 0
    for matrix in matrices {
      for user in users { total += matrix.entries(ofRow: user).count }
    }
    rows.reserveCapacity(total)
    for user in users {
      let start = rows.count
      for matrix in matrices { rows.append(contentsOf: matrix.columnIndices[matrix.entries(ofRow: user)]) }
      // A single matrix ascends by itself, unless another program wrote it.
      if !Self.ascends(rows[start...]) { rows[start...].sort() }
      offsets.append(UInt64(rows.count))
    }
  }

  /// The rows of one user of the batch.
  subscript(user: Int) -> ArraySlice<Int32> { rows[Int(offsets[user])..<Int(offsets[user + 1])] }

  private static func ascends(_ rows: ArraySlice<Int32>) -> Bool {
    rows.withUnsafeBufferPointer { rows in
      for index in rows.indices.dropFirst() where rows[index] < rows[index - 1] { return false }
      return true
    }
  }
}
