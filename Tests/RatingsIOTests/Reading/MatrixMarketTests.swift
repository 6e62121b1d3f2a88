import RatingsIO
import Testing

@Suite struct `Matrix Market files` {
  private static let banner = "%%MatrixMarket matrix coordinate real general\n"

  @Test(arguments: [
    banner + "2 20 3\n1 10 5\n1 20 3.5\n2 10 1\n",
    "%%matrixmarket MATRIX Coordinate REAL General\r\n% a comment\r\n%\r\n\r\n  2\t20 3 \r\n 1 10 5e0\r\n% another\r\n\r\n1\t20\t+3.5 \r\n02 010 1.00",
    "\u{FEFF}" + banner + "2 20 3\n2 10 1\n1 20 3.5\n1 10 5",
    banner + String(repeating: "% " + String(repeating: "x", count: 77) + "\n", count: 300)
      + "9 20 3\n2 10 1\n1 20 3.5\n1 10 5\n",
  ])
  func `hold users as rows and items as columns, counted from one`(text: String) throws {
    for (blockSize, workers) in [(4 << 20, 2), (9, 3)] {
      let set = try read(text, blockSize: blockSize, workers: workers)
      #expect(set.triples == [Triple("1", "10", 5), Triple("1", "20", 3.5), Triple("2", "10", 1)])
      #expect(set.report.rowCount == 3 && set.report.hasRatings && set.report.bytes == text.utf8.count)
    }
    let folder = Folder()
    let packed = folder.write(gzip(Array(text.utf8)), to: "m.mtx.gz")
    #expect(try RatingsReader().read([Location(packed)]).ratings.entryCount == 3)
  }

  @Test func `a pattern counts one for each entry, and explicit zeros are ratings`() throws {
    let pattern = "%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n3 1\n"
    let set = try read(pattern)
    #expect(set.triples == [Triple("1", "2", 1), Triple("3", "1", 1)] && !set.report.hasRatings)
    let integers = "%%MatrixMarket matrix coordinate integer general\n3 3 2\n1 2 0\n3 1 -4\n"
    #expect(try read(integers).triples == [Triple("1", "2", 0), Triple("3", "1", -4)])
  }

  @Test func `rows may be items, and values left out`() throws {
    let text = Self.banner + "2 20 2\n1 10 5\n2 20 3\n"
    func triples(_ columns: String) throws -> [Triple] {
      try read(text, ReadOptions(columns: try ColumnSelection(parsing: columns))).triples
    }
    #expect(try triples("2,1,3") == [Triple("10", "1", 5), Triple("20", "2", 3)])
    #expect(try triples("1,2") == [Triple("1", "10", 1), Triple("2", "20", 1)])
    for columns in ["user,item,rating", "1,3,2", "1,2,3,4"] {
      let options = ReadOptions(columns: try ColumnSelection(parsing: columns))
      #expect(failure(text, options)?.contains("--columns 2,1,3 takes its columns for users") == true)
    }
  }

  @Test(arguments: [
    (
      "2 20 3\n1 10 5\n1 20 3\n",
      "its header says 3 entries, but there are 2: the file is incomplete, copy or download it again"
    ),
    ("2 20 1\n1 10 5\n1 20 3\n", "its header says 1 entries, but there are 2"),
    ("2 20 2\n1 10 5\n1 20\n", "4: expected 3 columns, found 2"),
    ("2 20 2\n1 10 5\n1 20 3 4\n", "4: expected 3 columns, found 4"),
    ("2 20 2\n1 10 5\n3 20 3\n", "4: expected a whole number from 1 to 2 in column 1, found \"3\""),
    ("2 20 2\n1 10 5\n1 21 3\n", "4: expected a whole number from 1 to 20 in column 2, found \"21\""),
    ("2 20 2\n1 10 5\n0 2 3\n", "4: expected a whole number from 1 to 2 in column 1, found \"0\""),
    ("2 20 2\n1 10 5\n-1 2 3\n", "4: expected a whole number from 1 to 2 in column 1, found \"-1\""),
    ("2 20 2\n1 10 5\n1 2.0 3\n", "4: expected a whole number from 1 to 20 in column 2, found \"2.0\""),
    (
      "2 20 2\n1 10 5\n1 99999999999999999999 3\n",
      "4: expected a whole number from 1 to 20 in column 2, found \"99999999999999999999\""
    ),
    ("2 20 2\n1 10 5\n1 2 nan\n", "4: expected a finite number in column 3, found \"nan\""),
    ("2 20 2\n1 10 5\n1 2 x\n", "4: expected a number in column 3, found \"x\""),
    ("2 20\n1 10 5\n", "2: expected the numbers of rows, columns and entries, found \"2 20\""),
    ("2 20 -1\n", "2: expected the numbers of rows, columns and entries, found \"2 20 -1\""),
    (
      "2 20 99999999999999999999\n",
      "2: expected the numbers of rows, columns and entries, found \"2 20 99999999999999999999\""
    ),
    ("% nothing\n", "3: expected the numbers of rows, columns and entries, found \"\""),
    ("0 0 0\n", "no ratings: the input is empty"),
  ])
  func `a malformed one is refused with file and line`(body: String, fault: String) {
    for (blockSize, workers) in [(4 << 20, 1), (8, 3)] {
      let text = failure(Self.banner + body, blockSize: blockSize, workers: workers)
      #expect(text == "ratings.txt:" + (fault.first?.isNumber == true ? "" : " ") + fault)
    }
  }

  @Test(arguments: [
    ("matrix array real general", "array"), ("matrix coordinate complex general", "complex"),
    ("matrix coordinate real symmetric", "symmetric"), ("matrix coordinate complex hermitian", "complex"),
    ("matrix coordinate real skew-symmetric", "skew-symmetric"),
  ])
  func `matrices of other kinds are refused with a remedy`(kind: String, word: String) {
    let text = failure("%%MatrixMarket \(kind)\n2 2 1\n1 1 1\n")
    #expect(text?.hasPrefix("ratings.txt: a matrix that is \(word) cannot be read as ratings: ") == true)
  }

  @Test func `a wrong first line is told`() {
    #expect(
      failure("%%MatrixMarket vector\n1 1 1\n")
        == "ratings.txt:1: expected \"%%MatrixMarket matrix coordinate real general\" or the like, found"
        + " \"%%matrixmarket vector\"")
    #expect(
      failure("1 2 3\n", ReadOptions(format: .matrixMarket))?.hasPrefix("ratings.txt:1: expected \"%%Matrix") == true)
  }

  @Test func `malformed entries are skipped and count as entries`() throws {
    let rows = (1...200).map { "\($0) 1 1\n" }.joined()
    let set = try read(Self.banner + "200 9 201\n" + rows + "1 10 1\n", ReadOptions(onError: .skip))
    #expect(set.report.skipped == 1 && set.ratings.entryCount == 200)
    #expect(
      set.report.firstSkipped?.hasSuffix(":203: expected a whole number from 1 to 9 in column 2, found \"10\"") == true)
  }

  @Test func `pairs are read from them, lists and times are not`() throws {
    let folder = Folder()
    let path = folder.write(Self.banner + "2 20 2\n1 10 5\n2 20 3\n")
    #expect(try PairsReader().read(Location(path)).map { [$0.user, $0.item] } == [["1", "10"], ["2", "20"]])
    let short = folder.write(Self.banner + "2 20 3\n1 10 5\n2 20 3\n", to: "short.mtx")
    #expect(throws: RatingsIOError.entryCount(file: short, expected: 3, found: 2)) {
      try PairsReader().read(Location(short))
    }
    #expect(throws: RatingsIOError.matrixForList(file: path)) { try IDListReader.read(Location(path)) }
    #expect(throws: RatingsIOError.noTimes(file: path)) { try RatingsReader().times([Location(path)]) }
  }

  @Test func `the first fault of several files is the one that is told`() {
    let folder = Folder()
    folder.write(Self.banner + "2 20 3\n1 10 5\n", to: "d/a.mtx")
    folder.write("1,2,x\n1,2,3\n", to: "d/b.csv")
    #expect(throws: RatingsIOError.entryCount(file: folder.path + "/d/a.mtx", expected: 3, found: 1)) {
      try RatingsReader().read([Location(folder.path)])
    }
  }
}
