import ALS
import RatingsIO
import Testing

@Suite struct `Times of ratings` {
  /// By Python's `datetime`.
  @Test(arguments: [
    ("1970-01-01", 0.0), ("2000-02-29 12:34:56", 951_827_696), ("1900-03-01T00:00:00", -2_203_891_200),
    ("2011-04-30 23:59:59", 1_304_207_999), ("2400-12-31 23:59:59Z", 13_601_087_999),
    ("2011-04-30 23:59:59.25", 1_304_207_999.25), ("2011-05-01T01:59:59+02:00", 1_304_207_999),
    ("2011-04-30 18:29:59 -0530", 1_304_207_999), ("1998-03-31 17:08", 891_364_080), (" 891364125 ", 891_364_125),
    ("-5", -5), ("1.5e3", 1500), ("0", 0), ("20110430", 20_110_430), ("1304207999123", 1_304_207_999_123),
    ("12345678901234567890", 12_345_678_901_234_567_168),
  ])
  func `numbers and dates are times`(text: String, time: Double) throws {
    #expect(TimeRange.time(of: text) == time)
  }

  @Test(arguments: [
    "", " ", "x", "nan", "inf", "1e999", "2011-02-29", "2011-13-01", "2011-04-31", "2011-00-10", "2011-04-00",
    "2011-4-30",
    "2011-04-30 24:00:00", "2011-04-30 12:60", "2011-04-30 12", "2011-04-30 12:00:00.", "2011-04-30 12:00:00x",
    "2011-04-30T", "2011-04-30 12:00:00+1", "2011-04-30Z", "12:00:00", "1,5", "0x10",
  ])
  func `other texts are none`(text: String) {
    #expect(TimeRange.time(of: text) == nil)
  }

  private func read(_ text: String, _ times: TimeRange?, columns: String? = nil) throws -> RatingSet {
    let folder = Folder()
    var options = ReadOptions(columns: try columns.map { try ColumnSelection(parsing: $0) })
    options.times = times
    return try RatingsReader(options: options).read([Location(folder.write(text))])
  }

  @Test(arguments: [
    ("1\t7\t5\t10\n2\t8\t4\t30\n1\t8\t3\t20\n3\t7\t1\t30\n", nil),
    ("user,item,rating,when,date\n1,7,5,x,10\n2,8,4,x,30\n1,8,3,x,20\n3,7,1,x,30\n", nil),
    ("1::7::5::10\n2::8::4::30\n1::8::3::20\n3::7::1::30\n", nil),
    ("0,10,1,7,5\n0,30,2,8,4\n0,20,1,8,3\n0,30,3,7,1\n", "3,4,5,2"),
  ])
  func `ratings are read by their time`(text: String, columns: String?) throws {
    let early = try read(text, .before(20), columns: columns)
    #expect(early.ratings.values == [5] && early.users.count == 1 && early.items[0] == "7")
    #expect(early.report.rowCount == 4)
    #expect(try read(text, .before(30), columns: columns).ratings.values.sorted() == [3, 5])
    #expect(try read(text, .from(30), columns: columns).ratings.values.sorted() == [1, 4])
    #expect(try read(text, .from(-100), columns: columns).ratings.entryCount == 4)
    let folder = Folder()
    let options = ReadOptions(columns: try columns.map { try ColumnSelection(parsing: $0) })
    let times = try RatingsReader(options: options).times([Location(folder.write(text))])
    #expect(times.sorted() == [10, 20, 30, 30])
  }

  @Test func `without a range times do not matter`() throws {
    #expect(try read("1\t7\t5\tx\n2\t8\t4\t\n", nil).ratings.entryCount == 2)
  }

  @Test func `a file without times, and a row with a bad one, are named`() throws {
    let missing = #expect(throws: RatingsIOError.self) { try read("1\t7\t5\n2\t8\t4\n", .before(20)) }
    #expect(missing.map { "\($0)".hasSuffix("name it with --columns user,item,rating,timestamp") } == true)
    #expect(missing?.kind == .usage)
    let bad = #expect(throws: RatingsIOError.self) {
      try read("1\t7\t5\t10\n2\t8\t4\t11\n1\t8\t2\tsoon\n", .before(20), columns: "1,2,3,4")
    }
    #expect(bad.map { "\($0)".contains(":3: expected a time in column 4") } == true, "\(String(describing: bad))")
  }
}
