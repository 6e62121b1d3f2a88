import RatingsIO
import Testing

@Suite struct `Formats, headers and columns` {
  private let expected = [Triple("1", "10", 5), Triple("1", "20", 3.5), Triple("2", "10", 1)]

  @Test(arguments: [
    "1\t10\t5\n1\t20\t3.5\n2\t10\t1\n",
    "1,10,5\n1,20,3.5\n2,10,1\n",
    "1::10::5\n1::20::3.5\n2::10::1\n",
    "1::10::5::978300760\n1::20::3.5::978300761\n2::10::1::978300762\n",
    "\"1\",\"10\",\"5\"\n1,20,\"3.5\"\n\"2\",10,1\n",
  ])
  func `the format is found by looking`(text: String) throws {
    #expect(try read(text).triples == expected)
  }

  @Test(arguments: [
    "1\t10\t5\r\n1\t20\t3.5\r\n2\t10\t1\r\n",
    "1\t10\t5\n1\t20\t3.5\n2\t10\t1",
    "1\t10\t5\r\n1\t20\t3.5\r\n2\t10\t1\r",
    "\n\n1\t10\t5\n\n\r\n1\t20\t3.5\n  \n2\t10\t1\n\n\n",
    "\u{FEFF}1\t10\t5\n1\t20\t3.5\n2\t10\t1\n",
    "\u{FEFF}user\titem\trating\n1\t10\t5\n1\t20\t3.5\n2\t10\t1\n",
    "2\t10\t1\n1\t20\t3.5\n1\t10\t5\n",
    "1\t10\t5\textra\t\"\n1\t20\t3.5\n2\t10\t1\tmore\n",
    "1\t10\t 5\n1\t20\t3.5 \n2\t10\t+1\n",
  ])
  func `line ends, blank lines, byte order marks, order and further columns make no difference`(text: String) throws {
    let set = try read(text)
    #expect(set.triples == expected)
    #expect(set.report.rowCount == 3)
    #expect(set.report.bytes == text.utf8.count)
    #expect(set.report.hasRatings)
  }

  @Test(arguments: [
    "userId,movieId,rating,timestamp\n1,10,5,0\n1,20,3.5,0\n2,10,1,0\n",
    "rating,item_id,user_id\n5,10,1\n3.5,20,1\n1,10,2\n",
    "timestamp,User-ID,Artist ID,plays\n0,1,10,5\n0,1,20,3.5\n0,2,10,1\n",
    "uid,something,else\n1,10,5\n1,20,3.5\n2,10,1\n",
    "user,item,liking\n1,10,5\n1,20,3.5\n2,10,1\n",
    "\n\nuser,item,rating\n1,10,5\n1,20,3.5\n2,10,1\n",
    "userID\tartistID\tweight\n1\t10\t5\n1\t20\t3.5\n2\t10\t1\n",
    "who::what::how much\n1::10::5\n1::20::3.5\n2::10::1\n",
  ])
  func `a header is found by looking`(text: String) throws {
    #expect(try read(text).triples == expected)
  }

  @Test func `a bad rating in the first row is no header`() {
    #expect(
      failure("1\t2\tabc\n1\t3\t4\n") == "ratings.txt:1: expected a number in column 3, found \"abc\"")
    #expect(
      failure("1\t2\tNaN\n1\t3\t4\n") == "ratings.txt:1: expected a finite number in column 3, found \"NaN\"")
    #expect(failure("u\ti\tNaN\nv\tj\t4\n") == "ratings.txt:1: expected a finite number in column 3, found \"NaN\"")
  }

  @Test func `text rows with text ids are no header`() throws {
    #expect(try read("a,b,1\nc,d,2\n").triples == [Triple("a", "b", 1), Triple("c", "d", 2)])
  }

  @Test func `without a rating column every rating is one`() throws {
    for text in ["1\t10\n2\t10\n", "user,item\n1,10\n2,10\n", "user,item,timestamp\n1,10,99\n2,10,98\n"] {
      let set = try read(text)
      #expect(set.triples == [Triple("1", "10", 1), Triple("2", "10", 1)])
      #expect(!set.report.hasRatings)
    }
  }

  @Test func `columns are chosen by position or by name`() throws {
    let text = "when,who,what,stars,age\n5,1,10,2,33\n6,2,20,4,44\n"
    let wanted = [Triple("1", "10", 2), Triple("2", "20", 4)]
    for columns in ["2,3,4", "2,3,4,1", "who,what,stars", "Who,WHAT,Stars,when", "who,3,4"] {
      let options = ReadOptions(columns: try ColumnSelection(parsing: columns))
      #expect(try read(text, options).triples == wanted, "\(columns)")
    }
    let pairs = ReadOptions(columns: try ColumnSelection(parsing: "who,what"))
    #expect(try read(text, pairs).triples == [Triple("1", "10", 1), Triple("2", "20", 1)])
    let ages = ReadOptions(columns: try ColumnSelection(parsing: "2,3,5"))
    #expect(try read(text, ages).triples == [Triple("1", "10", 33), Triple("2", "20", 44)])
  }

  @Test func `a column name that does not exist is an error that lists the names`() throws {
    let options = ReadOptions(columns: try ColumnSelection(parsing: "who,song,stars"))
    let folder = Folder()
    let path = folder.write("who,what,stars\n1,2,3\n")
    let error = #expect(throws: RatingsIOError.self) { try RatingsReader(options: options).read([Location(path)]) }
    #expect(error?.kind == .usage)
    #expect(
      error.map { description($0, in: folder) } == "ratings.txt: there is no column \"song\" in its first row, which"
        + " holds \"who\", \"what\", \"stars\" (--columns takes names or positions, such as 1,2,3)")
  }

  @Test(arguments: ["", "1", "1,1,2", "0,1,2", "a,,b", "1,2,3,4,5", "user,user", "99999999999999999999,2,3,"])
  func `a column selection that makes no sense is refused`(text: String) {
    let error = #expect(throws: RatingsIOError.self) { try ColumnSelection(parsing: text) }
    #expect(error?.kind == .usage)
  }

  @Test func `quotes are RFC 4180 in CSV and ordinary characters elsewhere`() throws {
    #expect(
      try read("\"a,\"\"b\"\"\",\"x\",1\nc\"d,y,2\n").triples == [Triple("a,\"b\"", "x", 1), Triple("c\"d", "y", 2)])
    #expect(try read("\"a\"\tx\t1\n'b\t\"\t2\n").triples == [Triple("\"a\"", "x", 1), Triple("'b", "\"", 2)])
    #expect(failure("a,\"b\n\",1\nc,d,2\n") == "ratings.txt:1: the quoted field in column 2 does not end on its line")
    #expect(
      failure("a,b,1\na,b,1,\"review\nof two lines\"\n")
        == "ratings.txt:2: the quoted field in column 4 does not end on its line")
    #expect(failure("a,b,1\na,\"b\"c,1\n") == "ratings.txt:2: text follows the closing quote in column 2")
  }

  @Test func `a given format is taken at its word`() throws {
    let text = "a,b\tc\t1\nd,e\tf\t2\n"
    #expect(try read(text).triples == [Triple("a,b", "c", 1), Triple("d,e", "f", 2)])
    #expect(try read("a::b,c,1\n", ReadOptions(format: .csv)).triples == [Triple("a::b", "c", 1)])
    #expect(failure(text, ReadOptions(format: .movielens)) == "ratings.txt:1: expected 2 columns, found 1")
  }

  @Test func `rows without a known delimiter are explained`() {
    #expect(failure("1 2 3\n4 5 6\n")?.contains("only one column") == true)
  }

  @Test func `a line that begins with # is data`() throws {
    #expect(try read("#1\t2\t3\n").triples == [Triple("#1", "2", 3)])
  }
}
