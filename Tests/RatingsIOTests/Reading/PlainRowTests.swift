import ALS
import RatingsIO
import Testing

/// Rows of plain numbers are read eight characters at a time; a space behind the rating sends a row the general way.
@Suite struct `Plain rows` {
  @Test(arguments: [
    "0", "7", "12345678", "123456789", "999999999999999", "9999999999999999", "12345678901234567", "67108863",
    "67108864", "4294967296", "00", "01", "-1", "12a", "1234567a",
  ])
  func `ids of any length read as the general parser reads them`(id: String) throws {
    for rating in ["0", "100", "9999999", "3.5", "0.125", "12.34567", "1.", ".5", "1e1", "255", "256", "16777217"] {
      for (separator, more) in [("\t", ""), (",", ""), ("\t", "\tx\"y"), (",", ",\"x,y\""), (",", ",1")] {
        let row = [id, id, rating].joined(separator: separator)
        let plain = try read("1\(separator)1\(separator)1\(more)\n\(row)\(more)\n")
        let general = try read("1\(separator)1\(separator)1\(more)\n\(row) \(more)\n")
        #expect(plain.triples == general.triples && plain.report.sentinels == general.report.sentinels)
      }
    }
  }

  @Test func `the last line may end without a line end`() throws {
    for text in ["1\t2\t3", "1\t2\t3\r", "1\t2\t3\r\n", "1\t2\t3\tx", "\n1\t2\t3\n\n"] {
      #expect(try read(text).triples == [Triple("1", "2", 3)])
    }
  }

  @Test func `ids of all sorts share a side`() throws {
    let ids = ["0", "5", "63", "64", "67108863", "67108864", "-5", "9223372036854775807", "x", "007"]
    let text = ids.map { "\($0)\t\($0)\t1\n" }.joined()
    for workers in 1...3 {
      let set = try read("1\t1\t1\n" + text, blockSize: 8, workers: workers)
      let expected = (ids + ["1"]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      #expect((0..<set.users.count).map { set.users[$0] } == expected)
      #expect(set.triples == expected.map { Triple($0, $0, 1) })
    }
  }

  @Test func `items that are their own number can be dropped`() throws {
    var options = ReadOptions()
    options.dropItems = ["5", "70000000", "-99"]
    let set = try read("1\t5\t1\n2\t6\t2\n3\t70000000\t3\n4\t-99\t4\nx\t5\t5\n", options)
    #expect(set.triples == [Triple("2", "6", 2)] && set.report.droppedItems == 4)
  }
}
