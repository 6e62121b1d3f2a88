import RatingsIO
import Testing

@Suite struct `Sparse matrices of SciPy` {
  private func read(_ bytes: [UInt8], _ options: ReadOptions = ReadOptions(), blockSize: Int = 4 << 20) throws
    -> RatingSet
  {
    let folder = Folder()
    let path = folder.write(bytes, to: "m.npz")
    return try RatingsReader(options: options, blockSize: blockSize, workerCount: 2).read([Location(path)])
  }

  @Test(arguments: [16, 48, 4 << 20])
  func `hold users as rows and items as columns, counted from zero, zeros too`(blockSize: Int) throws {
    let expected = [Triple("0", "0", 0), Triple("0", "2", 5), Triple("1", "1", 1.5)]
    let byRows = NumPyFile.compressed()
    let byColumns = NumPyFile.compressed(
      "csc", indptr: [0, 1, 2, 3], indices: [0, 1, 0], data: NumPyFile.array("<f8", [0, 1.5, 5]))
    let coordinates = NumPyFile.archive([
      ("row", NumPyFile.array("<i8", [1, 0, 0] as [Int64])), ("col", NumPyFile.array("<i4", [1, 0, 2] as [Int32])),
      ("format", NumPyFile.array("<U3", [], NumPyFile.bytes("coo".unicodeScalars.map(\.value)))),
      ("shape", NumPyFile.array("<i8", [2, 3] as [Int64])), ("data", NumPyFile.array("<f4", [1.5, 0, 5] as [Float])),
      ("_is_array", NumPyFile.array("|b1", [], [1])),
    ])
    for bytes in [byRows, byColumns, coordinates] {
      let set = try read(bytes, blockSize: blockSize)
      #expect(set.triples == expected)
      #expect(set.report.rowCount == 3 && set.report.hasRatings && set.report.bytes == bytes.count)
    }
  }

  @Test func `are read as SciPy compresses them, pairs that come twice included`() throws {
    let expected = [Triple("0", "0", 1), Triple("0", "2", 3.5), Triple("2", "1", 6), Triple("3", "3", 5)]
    for fixture in [SciPyFixture.doubles, .byColumns] {
      let set = try read(fixture.bytes, ReadOptions(duplicates: .sum), blockSize: 32)
      #expect(set.triples == expected && set.report.duplicates == 1)
    }
    #expect(try read(SciPyFixture.array.bytes).triples == [Triple("0", "1", 1), Triple("1", "0", 2)])
  }

  @Test func `options hold for them as for text, and they go together with it`() throws {
    let folder = Folder()
    let paths = [folder.write(NumPyFile.compressed(), to: "d/a.npz"), folder.write("0,7,255\n9,2,4\n", to: "d/b.csv")]
    var options = ReadOptions(
      ratingMap: [RatingRule(value: 255, replacement: nil), RatingRule(value: 5, replacement: 4)], dropItems: ["1"])
    let set = try RatingsReader(options: options).read([Location(folder.path)])
    #expect(set.triples == [Triple("0", "0", 0), Triple("0", "2", 4), Triple("9", "2", 4)])
    #expect(set.report.droppedByMap == 1 && set.report.droppedItems == 1 && set.report.rowCount == 5)
    options.times = .before(1)
    #expect(throws: RatingsIOError.noTimes(file: paths[0])) {
      try RatingsReader(options: options).read([Location(paths[0])])
    }
    let known = try RatingsReader().read([Location(paths[1])])
    let both = try RatingsReader().read([Location(paths[0])], users: known.users, items: known.items)
    #expect(both.triples == [Triple("0", "2", 5)] && both.report.unknown == 2)
  }

  @Test func `rows may be items, and values left out`() throws {
    func triples(_ columns: String) throws -> [Triple] {
      try read(NumPyFile.compressed(), ReadOptions(columns: ColumnSelection(parsing: columns))).triples
    }
    #expect(try triples("2,1,3") == [Triple("0", "0", 0), Triple("1", "1", 1.5), Triple("2", "0", 5)])
    #expect(try triples("1,2") == [Triple("0", "0", 1), Triple("0", "2", 1), Triple("1", "1", 1)])
    #expect(throws: RatingsIOError.self) { try triples("user,item") }
  }

  @Test(arguments: ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"])
  func `values may be whole numbers of any size`(type: String) throws {
    let size = Int(type.suffix(1)) ?? 1
    let data = [1, 0, 1].flatMap { [UInt8($0)] + [UInt8](repeating: 0, count: size - 1) }
    let set = try read(NumPyFile.compressed(data: NumPyFile.array(type, [3], data)))
    #expect(set.triples == [Triple("0", "0", 0), Triple("0", "2", 1), Triple("1", "1", 1)])
  }

  static let faults: [(bytes: [UInt8], text: String)] = [
    (NumPyFile.compressed(indices: [3, 0, 1]), "m.npz: indices.npy: element 0 is 3, out of range: the matrix has 3"),
    (NumPyFile.compressed(indices: [2, 0, -1]), "m.npz: indices.npy: element 2 is -1, out of range: the matrix has 3"),
    (NumPyFile.compressed(indices: [2, 0]), "m.npz: indices.npy: it has 2 elements, but data.npy 3"),
    (NumPyFile.compressed(indptr: [0, 2, 4]), "m.npz: indptr.npy: it says 4 entries, but there are 3"),
    (NumPyFile.compressed(indptr: [0, 2, 2]), "m.npz: indptr.npy: it ends with 2, but there are 3 entries"),
    (NumPyFile.compressed(indptr: [1, 2, 3]), "m.npz: indptr.npy: it does not begin with 0"),
    (
      NumPyFile.compressed(shape: [3, 3], indptr: [0, 2, 1, 3]),
      "m.npz: indptr.npy: it descends from 2 to 1 behind row 1"
    ),
    (
      NumPyFile.compressed(shape: [3, 3], indptr: [0, 2, 3, 9]), "m.npz: indptr.npy: it says 9 entries, but there are 3"
    ),
    (NumPyFile.compressed(shape: [9, 3]), "m.npz: indptr.npy: it has 3 elements, but the shape needs one more than 9"),
    (NumPyFile.compressed(shape: [2, -3]), "m.npz: shape.npy: its shape is negative"),
    (NumPyFile.compressed(shape: [2, 3, 4]), "m.npz: shape.npy: its shape is not that of a matrix"),
    (
      NumPyFile.compressed("dia"),
      "m.npz: a matrix that is dia cannot be read as ratings: in Python, scipy.sparse.save_npz(file, matrix.tocsr())"
    ),
    (NumPyFile.compressed(without: "indptr"), "m.npz: it has no entry indptr.npy"),
    (
      NumPyFile.compressed(without: "format"),
      "m.npz: it is not a sparse matrix as scipy.sparse.save_npz writes it: it has no entry format.npy"
    ),
    (
      NumPyFile.compressed(data: NumPyFile.array("<c8", [1, 0, 2, 0, 3, 0] as [Float])),
      "m.npz: data.npy: its size and its elements \"<c8\" disagree"
    ),
    (
      NumPyFile.compressed(data: NumPyFile.array("<f2", [1, 2, 3] as [UInt16])),
      "m.npz: data.npy: its elements \"<f2\" are not numbers that can be ratings"
    ),
    (
      NumPyFile.compressed(data: NumPyFile.array("<f4", [1 << 40], [1, 2, 3, 4])),
      "m.npz: data.npy: its size and its elements \"<f4\" disagree"
    ),
    (
      NumPyFile.compressed(data: NumPyFile.array("<f4", [1, .nan, 3] as [Float])),
      "m.npz: entry 1, counted from 0: expected a finite number in \"data\", found \"nan\""
    ),
    (
      NumPyFile.compressed(data: NumPyFile.array("<f8", [1, 2, -1e39])),
      "m.npz: entry 2, counted from 0: the number in \"data\" is beyond 32-bit floating point: \"-1e+39\""
    ),
  ]

  @Test(arguments: faults.indices)
  func `one that does not hold is refused, saying what is wrong`(index: Int) {
    let (bytes, text) = Self.faults[index]
    for blockSize in [16, 4 << 20] { #expect(failure(bytes, blockSize: blockSize, as: "m.npz") == text) }
  }

  @Test func `what is told of two faults does not depend on the blocks`() {
    let bytes = NumPyFile.compressed(
      indices: [2, 0, 3], data: NumPyFile.array("<f4", [.nan, 0, 1] as [Float]))
    for blockSize in [16, 4 << 20] {
      #expect(
        failure(bytes, blockSize: blockSize, as: "m.npz")
          == "m.npz: indices.npy: element 2 is 3, out of range: the matrix has 3")
    }
  }

  @Test func `values that are no ratings are skipped when so asked`() throws {
    var values = [Float](repeating: 2, count: 300)
    values[170] = .infinity
    let bytes = NumPyFile.compressed(
      shape: [300, 1], indptr: (0...300).map { $0 }, indices: [Int32](repeating: 0, count: 300),
      data: NumPyFile.array("<f4", values))
    for blockSize in [160, 4 << 20] {
      let set = try read(bytes, ReadOptions(onError: .skip), blockSize: blockSize)
      #expect(set.ratings.entryCount == 299 && set.report.skipped == 1 && set.users.row(of: "170") == nil)
      #expect(
        set.report.firstSkipped?.hasSuffix(
          "m.npz: entry 170, counted from 0: expected a finite number in \"data\", found \"inf\"") == true)
    }
  }

  @Test func `one cut anywhere is an error`() {
    for whole in [NumPyFile.compressed(), SciPyFixture.doubles.bytes] {
      for length in 4..<whole.count {
        #expect(failure(Array(whole[..<length]), ReadOptions(format: .npz), as: "m.npz") != nil, "\(length)")
      }
    }
  }

  @Test(arguments: SciPyFixture.allCases)
  func `one with wrong bytes is an error or a set of ratings`(fixture: SciPyFixture) throws {
    var dice = Dice(11)
    for _ in 0..<1500 {
      var bytes = dice.roll(2) == 0 ? fixture.bytes : NumPyFile.compressed()
      for _ in 0...dice.roll(2) { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      _ = failure(bytes, ReadOptions(format: .npz), blockSize: 32, as: "m.npz")
    }
  }

  @Test func `text, pipes and lists are not taken for one, nor one for them`() {
    let folder = Folder()
    #expect(
      failure("1,2,3\n", ReadOptions(format: .npz)) == "ratings.txt: it is not a ZIP archive (.npz), or it ends early")
    #expect(
      failure(NumPyFile.compressed(), ReadOptions(format: .csv))?.contains("cannot be read through a pipe") == true)
    #expect(failure(gzip(NumPyFile.compressed()))?.contains("compressed as a whole") == true)
    let path = folder.write(NumPyFile.compressed(), to: "m.npz")
    #expect(throws: RatingsIOError.matrixForList(file: path)) { try IDListReader.read(Location(path)) }
    #expect(throws: RatingsIOError.matrixForList(file: path)) { try PairsReader().read(Location(path)) }
    #expect(throws: RatingsIOError.matrixFromStream(file: "standard input")) {
      try RatingsReader(options: ReadOptions(format: .npz)).read([Location("-")])
    }
  }
}
