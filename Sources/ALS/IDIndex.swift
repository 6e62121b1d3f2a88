/// The ids of one side in row order, and the way back from an id to its row.
///
/// An id is any text. Where all ids of a side are whole numbers in canonical decimal form they take 8 bytes each; the text
/// that comes out is the text that went in either way ("007" is not canonical, so it stays itself).
public struct IDIndex: Sendable, Equatable {
  package enum Storage: Sendable, Equatable {
    case integers([Int64])
    /// UTF-8 of all ids without separators; id `row` is `bytes[offsets[row] ..< offsets[row + 1]]`.
    case texts(bytes: [UInt8], offsets: [Int])
  }

  package let storage: Storage
  /// Rows in the order of their ids; `nil` where that is the row order itself.
  private let sortedRows: [Int32]?

  /// Ids that are whole numbers, in row order.
  ///
  /// - Throws: ``ALSError/duplicateID(_:)``.
  public init(integers: [Int64]) throws(ALSError) {
    try self.init(storage: .integers(integers))
  }

  /// Ids in row order. They are kept as integers where all are canonical decimal numbers.
  ///
  /// - Throws: ``ALSError/duplicateID(_:)``.
  public init(_ ids: [String]) throws(ALSError) {
    var bytes: [UInt8] = []
    var offsets = [0]
    for id in ids {
      bytes.append(contentsOf: id.utf8)
      offsets.append(bytes.count)
    }
    try self.init(utf8: bytes, offsets: offsets)
  }

  /// Ids in row order as one run of UTF-8: id `row` is `bytes[offsets[row] ..< offsets[row + 1]]`. They are kept as
  /// integers where all are canonical decimal numbers.
  ///
  /// - Throws: ``ALSError/duplicateID(_:)``.
  public init(utf8 bytes: [UInt8], offsets: [Int]) throws(ALSError) {
    var integers: [Int64] = []
    integers.reserveCapacity(offsets.count - 1)
    let isNumeric = bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<offsets.count - 1 {
        let text = UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]])
        guard let value = Self.canonicalInteger(text) else { return false }
        integers.append(value)
      }
      return true
    }
    try self.init(storage: isNumeric ? .integers(integers) : .texts(bytes: bytes, offsets: offsets))
  }

  private init(storage: Storage) throws(ALSError) {
    self.storage = storage
    let count = Self.count(of: storage)
    guard count <= Int(Int32.max) else { throw .tooManyRows(count: count) }
    if (1..<max(1, count)).allSatisfy({ Self.compare(storage, $0 - 1, $0) < 0 }) {
      sortedRows = nil
    } else {
      let rows = (0..<Int32(count)).sorted { Self.compare(storage, Int($0), Int($1)) < 0 }
      for (a, b) in zip(rows, rows.dropFirst()) where Self.compare(storage, Int(a), Int(b)) == 0 {
        throw .duplicateID(Self.text(of: storage, row: Int(a)))
      }
      sortedRows = rows
    }
  }

  /// Number of rows.
  public var count: Int { Self.count(of: storage) }

  /// The id of a row.
  public subscript(row: Int) -> String { Self.text(of: storage, row: row) }

  /// The row of an id; O(log count).
  public func row(of id: String) -> Int? {
    var id = id
    return id.withUTF8 { row(ofUTF8: $0) }
  }

  /// The row of an id given as UTF-8; O(log count).
  public func row(ofUTF8 id: UnsafeBufferPointer<UInt8>) -> Int? {
    switch storage {
    case .integers(let values):
      guard let wanted = Self.canonicalInteger(id) else { return nil }
      return search { values[$0] == wanted ? 0 : values[$0] < wanted ? -1 : 1 }
    case .texts(let bytes, let offsets):
      return bytes.withUnsafeBufferPointer { bytes in
        search { row in
          Self.compare(UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]]), id)
        }
      }
    }
  }

  /// The row of a whole-number id; O(log count).
  public func row(of id: Int64) -> Int? {
    guard case .integers(let values) = storage else { return row(of: String(id)) }
    return search { values[$0] == id ? 0 : values[$0] < id ? -1 : 1 }
  }

  /// The id of a row as a whole number of 32 bits; `nil` if it is none.
  package func int32(row: Int) -> Int32? {
    switch storage {
    case .integers(let values): return Int32(exactly: values[row])
    case .texts(let bytes, let offsets):
      return bytes.withUnsafeBufferPointer { bytes in
        Self.canonicalInteger(UnsafeBufferPointer(rebasing: bytes[offsets[row]..<offsets[row + 1]]))
          .flatMap { Int32(exactly: $0) }
      }
    }
  }

  /// Appends the UTF-8 of a row's id, for writers that make no string of it.
  public func append(row: Int, to output: inout [UInt8]) {
    switch storage {
    case .integers(let values): output.append(contentsOf: String(values[row]).utf8)
    case .texts(let bytes, let offsets): output.append(contentsOf: bytes[offsets[row]..<offsets[row + 1]])
    }
  }

  /// The value of a text that is a whole number in the form that `String(value)` gives: no plus sign, no leading zero,
  /// no "-0", within 64 bits.
  public static func canonicalInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.count - (isNegative ? 1 : 0)
    guard digits >= 1, digits <= 19 else { return nil }
    let first = text[isNegative ? 1 : 0]
    if first == UInt8(ascii: "0") { return text.count == 1 ? 0 : nil }
    var magnitude: UInt64 = 0
    for position in (isNegative ? 1 : 0)..<text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      magnitude = magnitude * 10 + UInt64(digit)
    }
    if isNegative {
      return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  private func search(_ order: (Int) -> Int) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let row = sortedRows.map { Int($0[middle]) } ?? middle
      let comparison = order(row)
      if comparison == 0 { return row }
      if comparison < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  private static func count(of storage: Storage) -> Int {
    switch storage {
    case .integers(let values): values.count
    case .texts(_, let offsets): offsets.count - 1
    }
  }

  private static func text(of storage: Storage, row: Int) -> String {
    switch storage {
    case .integers(let values): String(values[row])
    case .texts(let bytes, let offsets): String(decoding: bytes[offsets[row]..<offsets[row + 1]], as: UTF8.self)
    }
  }

  private static func compare(_ storage: Storage, _ a: Int, _ b: Int) -> Int {
    switch storage {
    case .integers(let values):
      return values[a] == values[b] ? 0 : values[a] < values[b] ? -1 : 1
    case .texts(let bytes, let offsets):
      return bytes.withUnsafeBufferPointer { bytes in
        compare(
          UnsafeBufferPointer(rebasing: bytes[offsets[a]..<offsets[a + 1]]),
          UnsafeBufferPointer(rebasing: bytes[offsets[b]..<offsets[b + 1]]))
      }
    }
  }

  /// Order of the UTF-8 bytes, a prefix before what it begins.
  private static func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    for k in 0..<min(a.count, b.count) where a[k] != b[k] { return a[k] < b[k] ? -1 : 1 }
    return a.count - b.count
  }
}
