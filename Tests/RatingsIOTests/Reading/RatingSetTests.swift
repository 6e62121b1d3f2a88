import ALS
import RatingsIO
import Testing

@Suite struct `Ids, duplicates and special values` {
  @Test func `ids that are whole numbers sort as numbers, of any 64 bits`() throws {
    let ids = ["-9223372036854775808", "-100", "-1", "0", "9", "10", "3000000000", "9223372036854775807"]
    let text = ids.reversed().map { "\($0)\t\($0)\t1\n" }.joined()
    let set = try read(text)
    #expect(set.users == (try IDIndex(ids)))
    #expect(set.items == set.users)
    #expect(set.triples == ids.map { Triple($0, $0, 1) })
  }

  @Test func `one id that is no such number makes a side sort as text`() throws {
    let ids = ["-1", "007", "10", "9", "9223372036854775808", "Zoë", "a b", "ab", "é"]
    let text = ids.reversed().map { "\($0)\t1\t1\n" }.joined()
    let set = try read(text)
    #expect((0..<ids.count).map { set.users[$0] } == ids)
    #expect(set.items == (try IDIndex(integers: [1])))
    for id in ids { #expect(set.users.row(of: id) == ids.firstIndex(of: id)) }
  }

  @Test(arguments: ["007", "+7", "-0", "1.0", " 7", "9223372036854775808", "-9223372036854775809", "00"])
  func `an id stays the text that it was`(id: String) throws {
    #expect(try read("\(id)\t1\t1\n7\t1\t1\n").users.row(of: id) != nil)
    #expect(try read("\(id)\t1\t1\n").users[0] == id)
  }

  @Test func `texts that differ only behind eight bytes sort right`() throws {
    let ids = ["12345678", "12345678\u{1}", "123456789", "1234567890", "12345678a", "12345678ab", "x"]
    let text = ids.reversed().map { "\($0)\tx\t1\n" }.joined()
    let set = try read(text, blockSize: 16, workers: 3)
    #expect((0..<ids.count).map { set.users[$0] } == ids)
  }

  @Test(arguments: [
    (DuplicatePolicy.last, [Triple("1", "1", 3), Triple("1", "2", 5), Triple("2", "1", 8)]),
    (.sum, [Triple("1", "1", 7), Triple("1", "2", 5), Triple("2", "1", 15)]),
    (.mean, [Triple("1", "1", 7 / 3), Triple("1", "2", 5), Triple("2", "1", 7.5)]),
    (
      .keep,
      [
        Triple("1", "1", 2), Triple("1", "1", 2), Triple("1", "1", 3), Triple("1", "2", 5), Triple("2", "1", 7),
        Triple("2", "1", 8),
      ]
    ),
  ])
  func `duplicates follow the policy`(policy: DuplicatePolicy, expected: [Triple]) throws {
    let text = "1,1,2\n1,2,5\n2,1,7\n1,1,2\n2,1,8\n1,1,3\n"
    for (blockSize, workers) in [(4 << 20, 1), (16, 2), (1, 4)] {
      let set = try read(text, ReadOptions(duplicates: policy), blockSize: blockSize, workers: workers)
      #expect(set.triples == expected)
      #expect(set.report.duplicates == 3)
      #expect(set.ratings.isValid)
    }
  }

  @Test func `duplicates can be an error that names the pair`() {
    let options = ReadOptions(duplicates: .error)
    #expect(
      failure("9,1,2\n9,1,1\n1,abc,5\n1,abc,5\n1,abc,5\n", options)
        == "user 1 rates item abc 3 times: choose with --duplicates last, sum, mean or keep")
    #expect(failure("1,1,2\n1,2,5\n", options) == nil)
  }

  @Test func `sums that overflow are an error`() {
    let rows = "1,1,3e38\n1,1,3e38\n"
    #expect(failure(rows, ReadOptions(duplicates: .sum))?.contains("user 1 for item 1") == true)
    #expect(failure(rows, ReadOptions(duplicates: .mean)) == nil)
  }

  @Test(arguments: [20, 400, 700, 3000, 1_000_000_000])
  func `long rows are sorted stably`(itemCount: Int) throws {
    var dice = Dice(7)
    var text = ""
    var last: [Int: Float] = [:]
    var all: [(item: Int, rating: Float)] = []
    for position in 0..<5000 {
      let item = dice.roll(itemCount)
      text += "u\t\(item)\t\(position)\n"
      last[item] = Float(position)
      all.append((item, Float(position)))
    }
    let set = try read(text, blockSize: 100, workers: 3)
    #expect(set.triples == last.sorted { $0.key < $1.key }.map { Triple("u", String($0.key), $0.value) })
    #expect(set.report.duplicates == 5000 - last.count)
    let kept = try read(text, ReadOptions(duplicates: .keep), blockSize: 1000, workers: 2)
    let sorted = all.sorted { ($0.item, $0.rating) < ($1.item, $1.rating) }
    #expect(kept.triples == sorted.map { Triple("u", String($0.item), $0.rating) })
  }

  @Test func `a row of hundreds of thousands is sorted`() throws {
    let count = 300_000
    // 7919 and 300,000 have no common divisor: each item comes once.
    let text = (0..<count).map { "u\t\($0 * 7919 % count)\t\($0 % 5)\n" }.joined()
    let set = try read(text, blockSize: 1 << 16)
    #expect(set.ratings.columnIndices == (0..<Int32(count)).map { $0 })
    var expected = [Float](repeating: 0, count: count)
    for position in 0..<count { expected[position * 7919 % count] = Float(position % 5) }
    #expect(set.ratings.values == expected)
  }

  @Test func `the rating map drops and replaces`() throws {
    var options = ReadOptions()
    options.ratingMap = [try RatingRule(parsing: "255=drop"), try RatingRule(parsing: "-1=0.5")]
    let set = try read("1\t1\t255\n1\t2\t-1\n2\t3\t255\n3\t4\t7\n", options)
    #expect(set.triples == [Triple("1", "2", 0.5), Triple("3", "4", 7)])
    #expect(set.report.droppedByMap == 2)
    #expect(set.report.rowCount == 4)
    #expect(set.users.row(of: "2") == nil)
  }

  @Test(arguments: ["255", "255=", "=drop", "x=drop", "255=x", "255=drop=1", "nan=0", "1=inf", ""])
  func `a rating rule that makes no sense is refused`(text: String) {
    let error = #expect(throws: RatingsIOError.self) { try RatingRule(parsing: text) }
    #expect(error?.kind == .usage)
  }

  @Test func `dropped items leave no trace, nor users without others`() throws {
    let set = try read("1\tbad\t1\n2\t-99\t1\n3\t5\t1\n3\t-99\t2\n", ReadOptions(dropItems: ["-99", "bad"]))
    #expect(set.triples == [Triple("3", "5", 1)])
    #expect(set.items == (try IDIndex(integers: [5])))
    #expect(set.report.droppedItems == 3)
  }

  @Test func `the traps of Yahoo R1 are known`() throws {
    var options = ReadOptions()
    options.apply(.yahooR1)
    let rows = "1\t1000001\t90\n1\t-100\t100\n2\t1000001\t255\n2\t-99\t255\n2\t1000002\t0\n"
    let set = try read(rows, options)
    #expect(set.triples == [Triple("1", "1000001", 90), Triple("2", "1000002", 0)])
    #expect(set.report.droppedByMap == 2)
    #expect(set.report.droppedItems == 1)
    #expect(Dataset.yahooR1.nameEncoding == .windows1252)
    options.ratingMap = [RatingRule(value: 255, replacement: 0)]
    options.apply(.yahooR1)
    #expect(options.ratingMap == [RatingRule(value: 255, replacement: 0)])
  }

  @Test func `a value far outside is noticed`() throws {
    let bulk = (0...100).map { "\($0)\t1\t\($0)\n" }.joined()
    func codes(_ value: String) -> String { (0..<3).map { "\($0)\t2\t\(value)\n" }.joined() }
    let high = Sentinel(value: 255, count: 3, bulk: 0...100)
    for (blockSize, workers) in [(4 << 20, 1), (16, 4)] {
      #expect(try read(bulk + codes("255"), blockSize: blockSize, workers: workers).report.sentinels == [high])
    }
    // Too few, too near, mapped away, too many different values.
    #expect(try read(bulk + "1\t2\t255\n2\t2\t255\n").report.sentinels.isEmpty)
    #expect(try read(bulk + codes("150")).report.sentinels.isEmpty)
    #expect(try read(bulk + codes("-51")).report.sentinels.map(\.value) == [-51])
    #expect(
      try read(bulk + codes("255"), ReadOptions(ratingMap: [.init(value: 255, replacement: nil)])).report.sentinels
        == [])
    #expect(try read("1\t1\t1\n1\t2\t2\n" + codes("255")).report.sentinels.isEmpty)
    let many = (0...2000).map { "\($0)\t1\t\(Double($0) / 100)\n" }.joined()
    #expect(try read(many + codes("255")).report.sentinels.isEmpty)
  }

  @Test func `reading into given ids keeps their rows and counts the unknown`() throws {
    let users = try IDIndex(["z", "1", "2"])
    let items = try IDIndex(integers: [30, 10, 20])
    let folder = Folder()
    let path = folder.write("1\t10\t5\n9\t10\t4\nz\t30\t3\nz\t99\t2\n1\t20\t1\n1\ttext\t1\n")
    for workers in 1...3 {
      let reader = RatingsReader(options: ReadOptions(), blockSize: 8, workerCount: workers)
      let set = try reader.read([Location(path)], users: users, items: items)
      #expect(set.users == users)
      #expect(set.items == items)
      #expect(set.ratings.rowOffsets == [0, 1, 3, 3])
      #expect(set.ratings.columnIndices == [0, 1, 2])
      #expect(set.ratings.values == [3, 5, 1])
      #expect(set.ratings.columnCount == 3)
      #expect(set.report.unknown == 3)
      #expect(set.report.rowCount == 6)
    }
  }

  @Test func `everything may be dropped`() throws {
    let set = try read("1\t1\t255\n", .yahooR1)
    #expect(set.ratings.entryCount == 0)
    #expect(set.users.count == 0)
    #expect(set.ratings.isValid)
  }

  @Test(arguments: DuplicatePolicy.allCases.filter { $0 != .error })
  func `ratings in any order make the same matrix, in many ranges of rows or in one`(policy: DuplicatePolicy) throws {
    var dice = Dice(21)
    var pairs: [(user: Int, item: Int)] = []
    for _ in 0..<20_000 { pairs.append((dice.roll(700) * 3, dice.roll(90) + (1 << 26) - 45)) }
    // Ratings of a pair are the same wherever they stand, so that only the order of rows differs.
    func text(_ pairs: [(user: Int, item: Int)]) -> String {
      pairs.map { "\($0.user)\t\($0.item)\t\(($0.user * 7 + $0.item) % 5)\n" }.joined()
    }
    let options = ReadOptions(duplicates: policy)
    let sorted = try read(text(pairs.sorted { ($0.user, $0.item) < ($1.user, $1.item) }), options)
    for (blockSize, workers) in [(50, 1), (700, 3), (1 << 14, 2), (4 << 20, 2)] {
      let set = try read(text(pairs), options, blockSize: blockSize, workers: workers)
      let isEqual = set.ratings == sorted.ratings
      #expect(isEqual && set.report.duplicates == sorted.report.duplicates && set.ratings.isValid)
    }
  }
}
