import RatingsIO
import Testing

@Suite struct `Changes as DMS writes them into CSV files` {
  private let left = [Triple("1", "10", 5), Triple("1", "20", 3.5), Triple("2", "10", 1)]

  @Test(arguments: [
    "I,1,10,5\nI,1,20,2\nI,2,10,1\nI,2,20,4\nU,1,20,3.5\nD,2,20,4\n",
    "Op,user_id,item_id,rating\nI,1,10,5\nI,1,20,2\nI,2,10,1\nI,2,20,4\nU,1,20,3.5\nD,2,20,4\n",
    "op,rating,note,item_id,user_id\nI,5,a,10,1\nI,2,b,20,1\nI,1,c,10,2\nI,4,d,20,2\nU,3.5,e,20,1\nD,4,f,20,2\n",
    "OP,who,what,how much\nI,1,10,5\nI,1,20,2\nI,2,10,1\nI,2,20,4\nU,1,20,3.5\nD,2,20,4\n",
    "\u{FEFF}I,\"1\",\"10\",\"5\"\r\nU,1,20,3.5\r\n\r\nU,2,10,1\r\nI,2,20,4\r\nD,2,20,NULL\r\n",
    "I,2019-11-19 02:01:46.297961,1,10,5\nI,2019-11-19 02:01:46.297961,1,20,3.5\nI,2019-11-19 02:01:47.000000,2,10,1\n",
    "Op,ts,who,what,how\nI,2019-11-19 02:01:46.297961,1,10,5\nI,2019-11-19 02:01:46.297961,1,20,3.5\n"
      + "I,2019-11-19 02:01:46.297961,2,10,1\n",
    "I,1,10,5,more\nI,1,20,3.5,\nI,2,10,1,x\n",
    "D,1,10\nI,1,10,5\nI,1,20,3.5\nI,2,10,1\nI,3,10,1\nD,3,10\n",
  ])
  func `are found by looking, and replayed`(text: String) throws {
    for format in [nil, RatingsFormat.dmsCSV] {
      for (blockSize, workers) in [(4 << 20, 2), (7, 3)] {
        let set = try read(text, ReadOptions(format: format), blockSize: blockSize, workers: workers)
        #expect(set.triples == left, "\(text)")
        #expect(set.report.hasOperations && set.report.hasRatings)
      }
    }
  }

  @Test(arguments: [nil, RatingsFormat.dmsCSV])
  func `rows without ratings are replayed as well`(format: RatingsFormat?) throws {
    let set = try read("I,1,10\nI,1,20\nD,1,10\nU,2,30\n", ReadOptions(format: format))
    #expect(set.triples == [Triple("1", "20", 1), Triple("2", "30", 1)])
    #expect(!set.report.hasRatings && set.report.deletions == 1)
  }

  @Test(arguments: [
    "1,10,5\n1,20,3.5\n2,10,1\n",
    "2019-11-19 02:01:46.297961,1,10,5\n2019-11-19 02:01:46.297961,1,20,3.5\n2019-11-19 02:01:46.297961,2,10,1\n",
    "I,1,10,5\nI,1,20,3.5\nI,2,10,1\n",
    "Op,rating,user,item\nI,5,1,10\nI,3.5,1,20\nI,1,2,10\n",
    "user,item,rating\n1,10,5\n1,20,3.5\n2,10,1\n",
  ])
  func `full loads have operations, times and names or not`(text: String) throws {
    for options in [ReadOptions(), ReadOptions(format: .dmsCSV)] {
      #expect(try read(text, options, as: "LOAD00000001.csv").triples == left)
    }
    #expect(try read(text, ReadOptions(format: .dmsCSV), as: "part.csv").triples == left)
  }

  @Test func `files of a table are of both kinds`() throws {
    let folder = Folder()
    folder.write("1,10,4\n2,10,1\n", to: "LOAD00000001.csv")
    folder.write("I,1,20,3\nU,1,10,5\n", to: "20141029-1134010000.csv")
    folder.write("U,1,20,3.5\nI,3,30,1\nD,3,30,1\n", to: "20141029-1134020000.csv")
    for options in [ReadOptions(), ReadOptions(format: .dmsCSV)] {
      let set = try RatingsReader(options: options).read([Location(folder.path)])
      #expect(set.triples == left)
      #expect(set.report.rowCount == 7 && set.report.deletions == 1)
    }
  }

  @Test func `positions of columns count behind the operation, so that they fit full loads`() throws {
    let folder = Folder()
    folder.write("a,5,10,1\nb,1,10,2\n", to: "LOAD00000001.csv")
    folder.write("I,c,3.5,20,1\nD,d,x,10,9\n", to: "20141029-1134010000.csv")
    let options = ReadOptions(columns: try ColumnSelection(parsing: "4,3,2"))
    #expect(try RatingsReader(options: options).read([Location(folder.path)]).triples == left)
    let text = "Op,stars,what,who\nI,5,10,1\nI,3.5,20,1\nI,1,10,2\n"
    for columns in ["who,what,stars", "3,2,1", "who,2,1"] {
      let options = ReadOptions(columns: try ColumnSelection(parsing: columns))
      #expect(try read(text, options).triples == left)
    }
  }

  @Test func `an ordinary file with operations somewhere stays one`() throws {
    #expect(try read("I,10,5\n7,20,1\n").triples == [Triple("7", "20", 1), Triple("I", "10", 5)])
    #expect(try read("I,10\nU,20\n").triples == [Triple("I", "10", 1), Triple("U", "20", 1)])
    #expect(try read("i,10,5\nu,20,1\n").triples == [Triple("i", "10", 5), Triple("u", "20", 1)])
    let asCSV = try read("I,10,5\nU,20,1\n", ReadOptions(format: .csv))
    #expect(asCSV.triples == [Triple("I", "10", 5), Triple("U", "20", 1)] && !asCSV.report.hasOperations)
  }

  @Test(arguments: [
    ("X,1,10,5", "expected an operation, I, U or D, in column 1, found \"X\""),
    ("i,1,10,5", "expected an operation, I, U or D, in column 1, found \"i\""),
    (",1,10,5", "expected an operation, I, U or D, in column 1, found \"\""),
    ("II,1,10,5", "expected an operation, I, U or D, in column 1, found \"II\""),
    ("U,1,10,x", "expected a number in column 4, found \"x\""),
    ("U,1,10", "expected 4 columns, found 3"), ("D,1", "expected 3 columns, found 2"),
    ("D", "expected 3 columns, found 1"), ("D,,10,5", "expected an id in column 2, found nothing"),
    ("D,1,,5", "expected an id in column 3, found nothing"),
  ])
  func `a malformed row stops the run with file and line`(row: String, fault: String) throws {
    let good = String(repeating: "I,1,10,5\n", count: 11)
    for (blockSize, workers) in [(4 << 20, 1), (20, 3)] {
      #expect(
        failure(good + row + "\nD,1,10,5\n", blockSize: blockSize, workers: workers) == "ratings.txt:12: \(fault)")
    }
    #expect(failure("I,1,10,5\n" + row + "\n", ReadOptions(format: .dmsCSV)) == "ratings.txt:2: \(fault)")
    let set = try read(good + String(repeating: good, count: 20) + row + "\n", ReadOptions(onError: .skip))
    #expect(set.triples == [Triple("1", "10", 5)] && set.report.skipped == 1 && set.report.deletions == 0)
  }

  @Test func `a file that is named as changes are has operations in every row`() {
    let bytes = Array("1,10,5\n1,20,5\n".utf8)
    #expect(
      failure(bytes, ReadOptions(format: .dmsCSV), as: "20141029-1134010000.csv")
        == "20141029-1134010000.csv:1: expected an operation, I, U or D, in column 1, found \"1\"")
    #expect(
      failure(Array("X,1,10,5\nI,1,20,5\n".utf8), as: "20141029-1134010000.csv")
        == "20141029-1134010000.csv:1: expected an operation, I, U or D, in column 1, found \"X\"")
  }

  @Test func `a rating that has become a code goes, and its older value with it`() throws {
    var options = ReadOptions()
    options.ratingMap = [RatingRule(value: 255, replacement: nil), RatingRule(value: 9, replacement: 5)]
    let set = try read("I,1,10,9\nI,2,10,3\nI,2,20,255\nU,2,10,255\n", options)
    #expect(set.triples == [Triple("1", "10", 5)])
    #expect(set.report.droppedByMap == 2 && set.report.deletions == 0 && set.report.sentinels.isEmpty)
    #expect(set.users.row(of: "2") == nil && set.items.row(of: "20") == nil)
  }

  @Test func `dropped items are, whatever happens to them`() throws {
    let set = try read("I,1,-99,5\nD,1,-99,5\nI,1,10,4\nD,2,-99,3\n", ReadOptions(dropItems: ["-99"]))
    #expect(set.triples == [Triple("1", "10", 4)] && set.report.droppedItems == 3)
  }

  @Test func `a deletion is no value`() throws {
    let rows = (0...100).map { "I,\($0),1,\($0)\n" }.joined() + (0..<3).map { "I,a\($0),2,255\n" }.joined()
    let deletions = (0..<2000).map { "D,\($0),7,255\nD,x\($0),7,0.\($0)\n" }.joined()
    let set = try read(rows + deletions, blockSize: 100, workers: 3)
    #expect(set.report.sentinels == [Sentinel(value: 255, count: 3, bulk: 0...100)])
    #expect(set.ratings.entryCount == 104 && set.ratings.values.allSatisfy { !$0.isNaN })
  }

  @Test func `the last operation counts, also where the default is another`() throws {
    let folder = Folder()
    let path = Location(folder.write("I,1,10,5\nU,1,10,3\n"))
    var options = ReadOptions()
    options.defaultDuplicates = .sum
    #expect(try RatingsReader(options: options).read([path]).triples == [Triple("1", "10", 3)])
    options.duplicates = .last
    #expect(try RatingsReader(options: options).read([path]).triples == [Triple("1", "10", 3)])
    for policy in [DuplicatePolicy.sum, .mean, .keep, .error] {
      options.duplicates = policy
      let error = #expect(throws: RatingsIOError.self) { try RatingsReader(options: options).read([path]) }
      #expect(error?.kind == .usage)
      #expect(
        error.map { description($0, in: folder) }?.hasPrefix(
          "ratings.txt: its rows are operations (I, U, D), of which the last one of a pair counts: leave out --duplicates"
            + " \(policy.rawValue)") == true)
    }
    options.duplicates = nil
    let plain = Location(folder.write("1,10,5\n1,10,3\n", to: "plain.csv"))
    #expect(try RatingsReader(options: options).read([plain]).triples == [Triple("1", "10", 8)])
    #expect(try RatingsReader(options: options).read([plain, path]).triples == [Triple("1", "10", 3)])
  }

  @Test func `what is left is as if nothing else had been there`() throws {
    let set = try read("I,9,7,1\nI,x,7,2\nI,10,y,3\nI,10,7,4\nD,x,7,2\nD,10,y,3\n")
    #expect(set.triples == [Triple("9", "7", 1), Triple("10", "7", 4)])
    let plain = try read("10,7,4\n9,7,1\n")
    #expect(set.users == plain.users && set.items == plain.items && set.ratings == plain.ratings)
    let none = try read("I,1,2,3\nD,1,2,3\n")
    #expect(none.users.count == 0 && none.items.count == 0 && none.ratings.entryCount == 0 && none.ratings.isValid)
  }

  @Test func `into given ids, what was deleted is gone, and rows stay`() throws {
    let plain = try read("1,10,5\n2,20,1\n3,30,4\n")
    let folder = Folder()
    let path = folder.write("I,1,10,5\nI,2,20,2\nD,2,20,2\nI,4,10,1\nD,5,10,1\n")
    let set = try RatingsReader().read([Location(path)], users: plain.users, items: plain.items)
    #expect(set.triples == [Triple("1", "10", 5)] && set.ratings.rowOffsets == [0, 1, 1, 1])
    #expect(set.report.unknown == 1, "the deletion of an unknown pair is nothing that is left out")
  }

  @Test func `of a time is what has its last value then`() throws {
    let text = "I,1,10,5,100\nI,1,20,5,100\nU,1,20,4,300\nI,2,10,3,300\nD,1,10,5,100\nI,3,10,1,250\n"
    func reading(_ times: TimeRange, _ text: String) throws -> [Triple] {
      var options = ReadOptions()
      options.times = times
      return try read(text, options).triples
    }
    #expect(try reading(.before(200), text) == [])
    #expect(try reading(.before(260), text) == [Triple("3", "10", 1)])
    #expect(try reading(.from(260), text) == [Triple("1", "20", 4), Triple("2", "10", 3)])
    let stamped =
      "I,2019-11-19 02:01:46.297961,1,10,5\nD,2019-11-20 02:01:46.297961,9,9,9\nU,2019-11-21 02:01:46.297961,2,10,4\n"
    let noon = try #require(TimeRange.time(of: "2019-11-20 12:00"))
    #expect(try reading(.from(noon), stamped) == [Triple("2", "10", 4)])
    #expect(try reading(.before(noon), stamped) == [Triple("1", "10", 5)])
    let folder = Folder()
    #expect(try RatingsReader().times([Location(folder.write(text))]).sorted() == [100, 100, 250, 300, 300])
  }

  @Test func `pairs are read whatever is done to them`() throws {
    let folder = Folder()
    let pairs = try PairsReader().read(Location(folder.write("I,1,10,5\nD,2,20,1\n")))
    #expect(pairs.map { [$0.user, $0.item] } == [["1", "10"], ["2", "20"]])
  }

  @Test func `Parquet is refused with the setting that mends it`() {
    for name in ["LOAD00000001.parquet", "x"] {
      let text = failure(Array("PAR1\0\0\0\0PAR1".utf8), as: name)
      #expect(
        text?.hasPrefix("\(name): is a Parquet file, and only text is read: let DMS write CSV by DataFormat=csv")
          == true)
    }
  }
}
