import RatingsIO
import Testing

@Suite struct `Malformed rows` {
  private static let good = "1\t10\t5\n"

  @Test(arguments: [
    ("1\t10\tabc", "expected a number in column 3, found \"abc\""),
    ("1\t10\t", "expected a number in column 3, found \"\""),
    ("1\t10\t5x", "expected a number in column 3, found \"5x\""),
    ("1\t10\t0x10", "expected a number in column 3, found \"0x10\""),
    ("1\t10\t1.2.3", "expected a number in column 3, found \"1.2.3\""),
    ("1\t10\t1e", "expected a number in column 3, found \"1e\""),
    ("1\t10\t--1", "expected a number in column 3, found \"--1\""),
    ("1\t10\t.", "expected a number in column 3, found \".\""),
    ("1\t10\t5,5", "expected a number in column 3, found \"5,5\""),
    ("1\t10", "expected 3 columns, found 2"),
    ("1", "expected 3 columns, found 1"),
    ("1\t10\tnan", "expected a finite number in column 3, found \"nan\""),
    ("1\t10\tNaN", "expected a finite number in column 3, found \"NaN\""),
    ("1\t10\t-inf", "expected a finite number in column 3, found \"-inf\""),
    ("1\t10\tInfinity", "expected a finite number in column 3, found \"Infinity\""),
    ("1\t10\t1e39", "the number in column 3 is beyond 32-bit floating point: \"1e39\""),
    ("1\t10\t-4e38", "the number in column 3 is beyond 32-bit floating point: \"-4e38\""),
    ("\t10\t5", "expected an id in column 1, found nothing"),
    ("1\t\t5", "expected an id in column 2, found nothing"),
    ("a\0\t10\t5", "the id in column 1 holds a NUL byte: is this a text file?"),
  ])
  func `the first one stops the run with file and line`(row: String, fault: String) {
    // Far enough from the start not to be taken for a binary file.
    let before = String(repeating: Self.good, count: 20_000)
    for (blockSize, workers) in [(4 << 20, 1), (1000, 4), (16, 2)] {
      let text = before + row + "\n" + Self.good + "bad\n"
      #expect(failure(text, blockSize: blockSize, workers: workers) == "ratings.txt:20001: \(fault)")
    }
    #expect(failure(before + row) == "ratings.txt:20001: \(fault)")
  }

  @Test func `an id that is not UTF-8 is malformed`() {
    let bytes = Array("1\t10\t5\n".utf8) + [0xe9, 0x09, 0x31, 0x09, 0x35, 0x0a]
    #expect(failure(bytes) == "ratings.txt:2: the id in column 1 is not valid UTF-8")
    #expect(
      failure(Array("1\t".utf8) + [0xc3, 0x09, 0x35, 0x0a]) == "ratings.txt:1: the id in column 2 is not valid UTF-8")
  }

  @Test func `lines are counted with headers and blank lines`() {
    #expect(
      failure("user,item,rating\n1,2,3\n\n\n1,2,x\n") == "ratings.txt:5: expected a number in column 3, found \"x\"")
    #expect(failure("\nuser,item,rating\r\n1,2,3\r\n1,2\r\n") == "ratings.txt:4: expected 3 columns, found 2")
  }

  @Test func `the file is named among several`() {
    let folder = Folder()
    folder.write("1,2,3\n", to: "d/a.csv")
    folder.write("1,2,3\n4,5,x\n", to: "d/b.csv")
    folder.write("junk\n", to: "d/c.csv")
    for workers in 1...4 {
      let reader = RatingsReader(options: ReadOptions(), blockSize: 8, workerCount: workers)
      let error = #expect(throws: RatingsIOError.self) { try reader.read([Location(folder.path)]) }
      #expect(error?.kind == .badData)
      #expect(
        error.map { description($0, in: folder) } == "d/b.csv:2: expected a number in column 3, found \"x\"")
    }
  }

  @Test func `long and strange values are shown shortened and on one line`() {
    let long = String(repeating: "x", count: 100)
    #expect(
      failure("1\t2\t3\n1\t2\t\(long)\n")
        == "ratings.txt:2: expected a number in column 3, found \"\(String(repeating: "x", count: 40))…\"")
    #expect(failure("1\t2\t3\n1\t2\ta\u{1b}b\n")?.contains("\\u{1B}") == true)
  }

  @Test func `they are skipped, counted and the first is kept when so asked`() throws {
    var options = ReadOptions()
    options.onError = .skip
    var text = ""
    for row in 1...1000 { text += row % 150 == 0 ? "\(row)\tx\n" : "\(row)\t1\t1\n" }
    for (blockSize, workers) in [(4 << 20, 1), (64, 4), (1000, 3)] {
      let set = try read(text, options, blockSize: blockSize, workers: workers)
      #expect(set.report.skipped == 6)
      #expect(set.report.rowCount == 1000)
      #expect(set.ratings.entryCount == 994)
      #expect(set.users.row(of: "150") == nil)
      #expect(set.report.firstSkipped?.hasSuffix("ratings.txt:150: expected 3 columns, found 2") == true)
    }
  }

  @Test func `more than one in a hundred stop the run all the same`() {
    var options = ReadOptions()
    options.onError = .skip
    let rows = (1...100).map { "\($0)\t1\t1\n" }.joined()
    #expect(failure(rows + "x\n" + rows, options) == nil)
    #expect(
      failure(rows + "x\ny\n", options)
        == "2 of 102 rows are malformed, more than one in a hundred; the first: ratings.txt:101: expected 3 columns, found 1"
    )
  }

  @Test func `empty input is bad data`() {
    for text in ["", "\n", "\n \n\n", "\u{FEFF}", "user,item,rating\n"] {
      #expect(failure(text) == "ratings.txt: no ratings: the input is empty", "\(text)")
    }
    let folder = Folder()
    let error = #expect(throws: RatingsIOError.self) {
      try RatingsReader().read([Location(folder.write(""))])
    }
    #expect(error?.kind == .badData)
  }

  @Test func `a binary file is recognised`() {
    #expect(
      failure([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 10, 0, 9]) == "ratings.txt: is not a text file (it holds NUL bytes)")
  }

  @Test func `a line that never ends is malformed`() {
    let bytes = Array("1\t2\t3\n".utf8) + [UInt8](repeating: 0x61, count: 17 << 20)
    #expect(failure(bytes) == "ratings.txt:2: no end of line within 16777216 bytes: is this a text file?")
  }
}
