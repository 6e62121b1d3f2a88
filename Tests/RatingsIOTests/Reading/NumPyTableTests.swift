import RatingsIO
import Testing

@Suite struct `NumPy arrays of ratings` {
  private let expected = [Triple("-1", "10", 5), Triple("2", "10", 0), Triple("2", "20", 3.5)]

  private func read(_ bytes: [UInt8], _ options: ReadOptions = ReadOptions(), blockSize: Int = 4 << 20) throws
    -> RatingSet
  {
    let folder = Folder()
    let path = folder.write(bytes, to: "r.npy")
    return try RatingsReader(options: options, blockSize: blockSize, workerCount: 2).read([Location(path)])
  }

  private static let records =
    "[('when', '<f8'), ('tags', '<U3', (2,)), (('the item', 'itemId'), '<i4'), ('', '|V4'), ('stars', '<f4'), ('userId', '<i8')]"

  private static func record(_ when: Double, _ item: Int32, _ stars: Float, _ user: Int64) -> [UInt8] {
    NumPyFile.bytes([when]) + [UInt8](repeating: 65, count: 24) + NumPyFile.bytes([item]) + [1, 2, 3, 4]
      + NumPyFile.bytes([stars]) + NumPyFile.bytes([user])
  }

  @Test(arguments: [16, 4 << 20])
  func `are rows of user, item and rating in either order, or records`(blockSize: Int) throws {
    let rows: [Double] = [2, 10, 0, -1, 10, 5, 2, 20, 3.5]
    let columns: [Float] = [2, -1, 2, 10, 10, 20, 0, 5, 3.5]
    for bytes in [
      NumPyFile.array("<f8", [3, 3], NumPyFile.bytes(rows)),
      NumPyFile.array("<f4", [3, 3], NumPyFile.bytes(columns), isFortranOrder: true),
      NumPyFile.array(
        Self.records, [3],
        Self.record(7, 10, 0, 2) + Self.record(8, 10, 5, -1) + Self.record(9, 20, 3.5, 2)),
    ] {
      let set = try read(bytes, blockSize: blockSize)
      #expect(set.triples == expected && set.report.rowCount == 3 && set.report.bytes == bytes.count)
    }
  }

  @Test func `two columns count one each, and columns may be chosen`() throws {
    let pairs = NumPyFile.array("<i2", [2, 2], NumPyFile.bytes([1, 2, 3, 4] as [Int16]))
    let set = try read(pairs)
    #expect(set.triples == [Triple("1", "2", 1), Triple("3", "4", 1)] && !set.report.hasRatings)
    func triples(_ bytes: [UInt8], _ columns: String) throws -> [Triple] {
      try read(bytes, ReadOptions(columns: try ColumnSelection(parsing: columns))).triples
    }
    #expect(try triples(pairs, "2,1") == [Triple("2", "1", 1), Triple("4", "3", 1)])
    let record = NumPyFile.array(Self.records, [1], Self.record(7, 10, 0, 2))
    #expect(try triples(record, "itemid,USERID,when") == [Triple("10", "2", 7)])
    #expect(throws: RatingsIOError.self) { try triples(pairs, "1,3") }
    #expect(throws: RatingsIOError.self) { try triples(record, "who,what") }
  }

  @Test func `times are a fourth column, or a field`() throws {
    let folder = Folder()
    let rows = folder.write(
      NumPyFile.array("<i8", [2, 4], NumPyFile.bytes([1, 2, 3, 100, 4, 5, 6, 200] as [Int64])), to: "a.npy")
    let fields = "[('time', '<u4'), ('user', '|u1'), ('item', '|u1'), ('rating', '|u1')]"
    let records = folder.write(
      NumPyFile.array(fields, [2], [100, 0, 0, 0, 1, 2, 3, 200, 0, 0, 0, 4, 5, 6]), to: "b.npy")
    var options = ReadOptions()
    options.times = .from(150)
    for path in [rows, records] {
      #expect(try RatingsReader().times([Location(path)]).sorted() == [100, 200])
      #expect(try RatingsReader(options: options).read([Location(path)]).triples == [Triple("4", "5", 6)])
    }
    let without = folder.write(NumPyFile.array("<i8", [1, 3], NumPyFile.bytes([1, 2, 3] as [Int64])), to: "c.npy")
    #expect(throws: RatingsIOError.noTimes(file: without)) { try RatingsReader().times([Location(without)]) }
  }

  static let faults: [(bytes: [UInt8], text: String)] = [
    (
      NumPyFile.array("<f8", [2, 3], NumPyFile.bytes([1, 2, 3, 1.5, 2, 3])),
      "r.npy: entry 1, counted from 0: expected an id, a whole number, in column 1, found \"1.5\""
    ),
    (
      NumPyFile.array("<f8", [2, 3], NumPyFile.bytes([1, 2, 3, 1, .nan, .infinity])),
      "r.npy: entry 1, counted from 0: expected an id, a whole number, in column 2, found \"nan\""
    ),
    (
      NumPyFile.array("<f8", [2, 3], NumPyFile.bytes([1, 2, 3, 1, 2, .infinity])),
      "r.npy: entry 1, counted from 0: expected a finite number in column 3, found \"inf\""
    ),
    (
      NumPyFile.array("<u8", [1, 2], NumPyFile.bytes([1, .max] as [UInt64])),
      "r.npy: entry 0, counted from 0: expected an id, a whole number, in column 2, found \"18446744073709551615\""
    ),
    (
      NumPyFile.array(
        "[('user', '<i4'), ('item', '<f4')]", [1], NumPyFile.bytes([1] as [Int32]) + NumPyFile.bytes([0.5] as [Float])),
      "r.npy: entry 0, counted from 0: expected an id, a whole number, in \"item\", found \"0.5\""
    ),
    (
      NumPyFile.array("<f4", [3], [UInt8](repeating: 0, count: 12)),
      "r.npy: its shape is (3), but ratings are rows of user, item and rating"
    ),
    (
      NumPyFile.array("<f4", [3, 1], [UInt8](repeating: 0, count: 12)),
      "r.npy: its shape is (3, 1), but ratings are rows of user, item and rating"
    ),
    (
      NumPyFile.array("<f4", [1, 3], [UInt8](repeating: 0, count: 11)),
      "r.npy: its header says 12 bytes of data, but there are 11"
    ),
    (
      NumPyFile.array("<f4", [1, 3], [UInt8](repeating: 0, count: 13)),
      "r.npy: its header says 12 bytes of data, but there are 13"
    ),
    (NumPyFile.array("<f4", [1 << 61, 3], [1]), "r.npy: its header says more bytes of data, but there are 1"),
    (NumPyFile.array("<f4", [1 << 62, 4], [1]), "r.npy: its elements \"<f4\" are not numbers"),
    (NumPyFile.array("|O", [1, 3], [1]), "r.npy: its elements \"|O\" are not numbers"),
    (
      NumPyFile.array(">i4", [1, 2], [UInt8](repeating: 0, count: 8)),
      "r.npy: elements \">i4\" of the array are not numbers that gpuals reads (little-endian integers and floats of 32 or 64 bits)"
    ),
    (
      NumPyFile.array("[('user', '<U2'), ('item', '<i4')]", [1], [UInt8](repeating: 0, count: 12)),
      "r.npy: elements \"<U2\" of \"user\" are not numbers that gpuals reads (little-endian integers and floats of 32 or 64 bits)"
    ),
    (
      NumPyFile.array("[('user', '<i4'), ('item', '<i4', (2,))]", [1], [UInt8](repeating: 0, count: 12)),
      "r.npy: elements \"array\" of \"item\" are not numbers that gpuals reads (little-endian integers and floats of 32 or 64 bits)"
    ),
    (
      NumPyFile.array("[('who', '<i4'), ('what', '<i4')]", [1], [UInt8](repeating: 0, count: 8)),
      "r.npy: none of the fields \"who\", \"what\" tells that it holds the users (say which with --columns)"
    ),
    (NumPyFile.array("[('user', '<i4'), ('x', [('y', '<i4')])]", [1], [1]), "r.npy: its NumPy header is malformed"),
    (NumPyFile.array("[('user', '<i4', (4611686018427387904, 4))]", [1], [1]), "r.npy: its NumPy header is malformed"),
    (NumPyFile.array("<f4", [0, 3], []), "r.npy: no ratings: the input is empty"),
  ]

  @Test(arguments: faults.indices)
  func `one that does not hold is refused, saying what is wrong`(index: Int) {
    let (bytes, text) = Self.faults[index]
    for blockSize in [16, 4 << 20] { #expect(failure(bytes, blockSize: blockSize, as: "r.npy") == text) }
  }

  @Test func `one with wrong bytes, or cut, is an error or a set of ratings`() {
    var dice = Dice(12)
    let whole = NumPyFile.array(Self.records, [2], Self.record(7, 10, 0, 2) + Self.record(8, 10, 5, -1))
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0...dice.roll(2) { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      if dice.roll(4) == 0 { bytes.removeLast(dice.roll(bytes.count)) }
      _ = failure(bytes, ReadOptions(format: .npy), blockSize: 16, as: "r.npy")
    }
  }
}
