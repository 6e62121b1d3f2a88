/// A NumPy array of ratings, a row each: two-dimensional, its columns user, item and maybe rating and time; or structured, with
/// fields of such names.
final class NumPyTable: MatrixSource {
  private(set) var layout = FileLayout()
  private let file: ReadableFile
  private let name: String
  private let dataStart: Int
  private let rowCount: Int
  private let columns: [Column]
  /// Bytes from a row to the next; `nil` where each column is stored for itself.
  private let rowBytes: Int?
  /// What to call columns in faults.
  private let names: [String]?
  private var done = 0

  /// Where a column is.
  private struct Column {
    var type: String
    /// Bytes from the start of the row, or of the data where each column is stored for itself.
    var offset: Int
  }

  private static let maximumRowBytes = 1 << 16
  /// Entries that are read at once: as many as a block of text holds, or fewer where they are large.
  private static let pieceCount = 1 << 18
  private static let maximumPieceBytes = 16 << 20

  init(_ input: InputFile, options: ReadOptions) throws(RatingsIOError) {
    name = input.name
    guard let file = try input.origin.file(named: input.name) else { throw .matrixFromStream(file: input.name) }
    do {
      self.file = file
      var offset = 0
      let header = try NPYHeader(file: file.path) { buffer in
        try file.read(into: buffer, at: offset)
        offset += buffer.count
      }
      dataStart = offset
      func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
      let elementBytes =
        header.fields.isEmpty ? NPYField.size(of: header.elementType) : NPYField.size(of: header.fields)
      guard let elementBytes, let count = header.elementCount else {
        throw damaged("its elements \"\(header.elementType)\" are not numbers")
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: elementBytes)
      guard !overflow, bytes == file.byteCount - offset else {
        throw damaged(
          "its header says \(overflow ? "more" : "\(bytes)") bytes of data, but there are \(file.byteCount - offset)")
      }
      if header.fields.isEmpty {
        guard header.shape.count == 2, header.shape[1] >= 2 else {
          throw damaged(
            "its shape is (\(header.shape.map(String.init).joined(separator: ", "))), but ratings are rows of user, item and"
              + " rating")
        }
        let width = header.shape[1]
        rowCount = header.shape[0]
        guard width <= Self.maximumRowBytes / elementBytes else { throw damaged("its rows have \(width) columns") }
        rowBytes = header.isFortranOrder ? nil : width * elementBytes
        let step = elementBytes * (header.isFortranOrder ? rowCount : 1)
        columns = (0..<width).map { Column(type: header.elementType, offset: $0 * step) }
        names = nil
      } else {
        guard header.shape.count == 1, elementBytes <= Self.maximumRowBytes else {
          throw damaged("it is not a list of records")
        }
        rowCount = header.shape[0]
        rowBytes = elementBytes
        var offset = 0
        columns = header.fields.map { field in
          defer { offset += field.size ?? 0 }
          return Column(type: field.count == 1 ? field.elementType : "array", offset: offset)
        }
        names = header.fields.map(\.name)
      }
      try chooseColumns(options)
    } catch {
      throw RatingsIOError(reading: input.name, error)
    }
  }

  var fileBytesRead: Int {
    done == rowCount
      ? file.byteCount : dataStart + Int(Double(file.byteCount - dataStart) * Double(done) / Double(rowCount))
  }

  func next() throws(RatingsIOError) -> EntryBatch? {
    do {
      let count = min(Self.pieceCount, rowCount - done, max(1, Self.maximumPieceBytes / (rowBytes ?? 8)))
      guard count > 0 else { return nil }
      defer { done += count }
      var faults: [EntryBatch.Fault] = []
      // Rows are read once for all of their columns.
      let rows = try rowBytes.map { size in
        try file.read(dataStart + done * size..<dataStart + (done + count) * size)
      }
      func read<Value>(_ column: Int, _ body: (NPYColumn, Int, inout [EntryBatch.Fault]) -> [Value]) throws -> [Value] {
        let place = columns[column]
        // Checked when the columns were chosen.
        guard let type = NPYElementType(rawValue: place.type) else { return [] }
        if let rows, let rowBytes {
          return rows.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[place.offset...])
            return body(NPYColumn(type: type, bytes: part, stride: rowBytes, count: count), column + 1, &faults)
          }
        }
        let start = dataStart + place.offset + done * type.size
        return try file.read(start..<start + count * type.size).withUnsafeBytes { bytes in
          body(NPYColumn(type: type, bytes: bytes, stride: type.size, count: count), column + 1, &faults)
        }
      }
      var batch = EntryBatch(
        users: try read(layout.user) { $0.ids(column: $1, faults: &$2) },
        items: try read(layout.item) { $0.ids(column: $1, faults: &$2) })
      if layout.time >= 0 { batch.times = try read(layout.time) { $0.times(column: $1, faults: &$2) } }
      if layout.rating >= 0 { batch.values = try read(layout.rating) { $0.ratings(column: $1, faults: &$2) } }
      var seen: Set<Int> = []
      batch.addFaults(
        faults.filter { seen.insert($0.position).inserted }
          .map { fault in .init(position: fault.position, fault: names.map { fault.fault.of(keys: $0) } ?? fault.fault)
          })
      return batch
    } catch {
      throw RatingsIOError(reading: name, error)
    }
  }

  /// Finds the columns as those of text are found, and checks that they are numbers.
  private func chooseColumns(_ options: ReadOptions) throws {
    func role(_ role: ColumnNames.Role, else position: Int) -> Int? {
      guard let names else { return position < columns.count ? position : nil }
      return names.firstIndex { ColumnNames.role(of: $0) == role }
    }
    func chosen(_ column: ColumnSelection.Column?) throws(RatingsIOError) -> Int? {
      switch column {
      case nil: return nil
      case .position(let position)? where position <= columns.count: return position - 1
      case .position(let position)?: throw .unknownField(file: name, name: "\(position)", available: available)
      case .name(let wanted)?:
        guard let place = names?.firstIndex(where: { $0 == wanted || $0.lowercased() == wanted.lowercased() }) else {
          throw .unknownField(file: name, name: wanted, available: available)
        }
        return place
      }
    }
    let selection = options.columns
    guard let user = try chosen(selection?.user) ?? role(.user, else: 0) else {
      throw RatingsIOError.noField(file: name, what: "the users", available: available)
    }
    guard let item = try chosen(selection?.item) ?? role(.item, else: 1) else {
      throw RatingsIOError.noField(file: name, what: "the items", available: available)
    }
    (layout.user, layout.item) = (user, item)
    layout.rating = (try selection == nil ? role(.rating, else: 2) : chosen(selection?.rating)) ?? -1
    let time = try chosen(selection?.timestamp)
    if options.needsTimes {
      guard let time = time ?? role(.timestamp, else: 3) else { throw RatingsIOError.noTimes(file: name) }
      layout.time = time
    }
    for column in [layout.user, layout.item, layout.rating, layout.time] where column >= 0 {
      guard NPYElementType(rawValue: columns[column].type) != nil else {
        throw ModelFileError.damaged(
          file: name,
          reason:
            "elements \"\(columns[column].type)\" of \(names.map { "\"\($0[column])\"" } ?? "the array") are not numbers"
            + " that gpuals reads (little-endian integers and floats of 32 or 64 bits)")
      }
    }
  }

  private var available: [String] { names ?? columns.indices.map { "\($0 + 1)" } }
}
