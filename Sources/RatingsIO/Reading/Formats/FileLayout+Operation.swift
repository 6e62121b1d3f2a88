extension FileLayout {
  /// Whether a row with an operation deletes its pair; a line that is no row does not.
  ///
  /// - Parameter found: columns of the row.
  @inline(never)
  func isDeletion(_ fields: UnsafeMutablePointer<Field>, found: Int) throws(RowFault) -> Bool {
    guard found > operation else {
      guard found == 0 else { throw .missingColumns(expected: columnCount, found: found) }
      return false
    }
    switch ChangeOperation(letter: fields[operation]) {
    case .upsert?: return false
    case .delete?:
      // Prior values do not matter, so that they need not be there.
      let needed = max(user, item, operation) + 1
      guard found >= needed else { throw .missingColumns(expected: needed, found: found) }
      return true
    case nil:
      throw .notAnOperation(
        column: operation + 1, known: ChangeOperation.letters, found: fields[operation].excerpt)
    }
  }
}
