/// Reads a list of ids: the first column of each line.
public enum IDListReader {
  /// The ids of a file, in order. A first line that names a column, such as `userId`, is passed over.
  ///
  /// - Throws: ``RatingsIOError``: an empty id with its line, a file without ids.
  public static func read(_ location: Location) throws(RatingsIOError) -> [String] {
    let reader = RowReader(location: location, format: nil, columns: nil, content: .ids)
    var ids: [String] = []
    try reader.forEachRow { id, _, _, _ throws(RowFault) in
      try IDTable.check(id, column: 1)
      ids.append(id.text)
    }
    guard !ids.isEmpty else { throw .noRows(files: [location.description]) }
    return ids
  }
}
