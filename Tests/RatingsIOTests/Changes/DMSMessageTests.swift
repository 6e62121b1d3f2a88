import RatingsIO
import Testing

@Suite struct `Changes as DMS sends them in JSON` {
  private func message(_ operation: String, _ data: String, type: String = "data") -> String {
    #"{"data":\#(data),"metadata":{"timestamp":"2019-11-19T02:01:46.297961Z","record-type":"\#(type)","operation":"\#(operation)""#
      + #","partition-key-type":"schema-table","schema-name":"s","table-name":"t","transaction-id":7}}"# + "\n"
  }

  private let control =
    #"{"control":{"table-def":{"columns":{"id":{"type":"WSTRING"}}}},"metadata":{"record-type":"control","operation":"create-table"}}"#
    + "\n"

  @Test func `are found by looking, in any order of keys`() throws {
    let text =
      control + message("load", #"{"user_id":1,"item_id":"10","rating":"4"}"#)
      + #" {"metadata":{"operation":"update","x":{"data":{}},"record-type":"data"} , "data" : {"rating":5e0,"item_id":10,"user_id":"1"}}"#
      + "\r\n" + message("insert", #"{"user_id":1,"item_id":20,"rating":3.5}"#) + "\n"
      + message("insert", #"{"user_id":2,"item_id":10,"rating":1}"#)
      + message("insert", #"{"user_id":2,"item_id":20,"rating":1}"#)
      + message("delete", #"{"user_id":2,"item_id":20,"rating":null}"#)
      + message("drop-table", #"{"user_id":null}"#, type: "control")
    for options in [ReadOptions(), ReadOptions(format: .dmsJSON)] {
      for (blockSize, workers) in [(4 << 20, 2), (7, 3)] {
        let set = try read(text, options, blockSize: blockSize, workers: workers)
        #expect(set.triples == [Triple("1", "10", 5), Triple("1", "20", 3.5), Triple("2", "10", 1)])
        #expect(set.report.rowCount == 6 && set.report.deletions == 1 && set.report.skipped == 0)
        #expect(set.report.hasOperations && set.report.hasRatings)
      }
    }
  }

  @Test func `keys are chosen by name`() throws {
    let text =
      message("insert", #"{"who":"a","what":"b","stars":2,"age":33}"#) + message("delete", #"{"who":"c","what":"d"}"#)
    let options = ReadOptions(columns: try ColumnSelection(parsing: "who,what,AGE"))
    #expect(try read(text, options).triples == [Triple("a", "b", 33)])
    #expect(
      failure(text)?.hasPrefix(
        "ratings.txt: none of the keys of its first objects, \"who\", \"what\", \"stars\", \"age\"")
        == true)
  }

  @Test func `files that begin with deletions or hold no data are read all the same`() throws {
    let gone = String(repeating: message("delete", #"{"user_id":3,"item_id":4}"#), count: 12)
    let text = gone + message("insert", #"{"plays":5,"user_id":1,"item_id":2}"#)
    for (blockSize, workers) in [(4 << 20, 1), (50, 3)] {
      #expect(try read(text, blockSize: blockSize, workers: workers).triples == [Triple("1", "2", 5)])
      let late = String(repeating: control, count: 12) + text
      #expect(try read(late, blockSize: blockSize, workers: workers).triples == [Triple("1", "2", 5)])
    }
    #expect(try read(gone + message("insert", #"{"user_id":1,"item_id":2}"#)).triples == [Triple("1", "2", 1)])
    #expect(failure(control) == "ratings.txt: no ratings: the input is empty")
    let folder = Folder()
    folder.write("1,2,3\n", to: "a.csv")
    folder.write(control, to: "b.jsonl")
    folder.write(gone, to: "c.jsonl")
    #expect(try RatingsReader().read([Location(folder.path)]).triples == [Triple("1", "2", 3)])
  }

  @Test(arguments: [
    (
      #"{"data":{"user":1,"item":2,"rating":3},"metadata":{"operation":"truncate"}}"#,
      "expected an operation, load, insert, update or delete, in \"operation\", found \"truncate\""
    ),
    (
      #"{"data":{"user":1,"item":2,"rating":3},"metadata":{"operation":{"x":1}}}"#,
      "expected an operation, load, insert, update or delete, in \"operation\", found \"{\"x\":1}\""
    ),
    (#"{"data":{"user":1,"item":2,"rating":3},"metadata":{}}"#, "there is no \"operation\" in the object"),
    (#"{"data":{"user":1,"item":2,"rating":3}}"#, "there is no \"metadata\" in the object"),
    (#"{"data":null,"metadata":{"operation":"insert"}}"#, "there is no \"data\" in the object"),
    (#"{"data":{"user":1,"item":2},"metadata":{"operation":"insert"}}"#, "there is no \"rating\" in the object"),
    (#"{"data":{"user":1},"metadata":{"operation":"delete"}}"#, "there is no \"item\" in the object"),
    (
      #"{"data":{"user":1,"item":null},"metadata":{"operation":"delete"}}"#,
      "expected an id in \"item\", a string or a whole number, found \"null\""
    ),
    (
      #"{"data":{"user":1,"item":2,"rating":null},"metadata":{"operation":"update"}}"#,
      "expected a number in \"rating\", found \"null\""
    ),
    (
      #"{"data":{"user":1,"item":2,"rating":"x"},"metadata":{"operation":"update"}}"#,
      "expected a number in \"rating\", found \"x\""
    ),
    (#"{"data":{"user":1,"item":2"#, "not valid JSON: expected \",\" or \"}\" at byte 27"),
  ])
  func `a malformed one stops the run with file, line and key`(row: String, fault: String) throws {
    let good = message("insert", #"{"user":1,"item":2,"rating":3}"#)
    for (blockSize, workers) in [(4 << 20, 1), (40, 3)] {
      let text = String(repeating: good, count: 11) + row + "\n" + good
      #expect(failure(text, blockSize: blockSize, workers: workers) == "ratings.txt:12: \(fault)")
    }
  }

  @Test func `times are those of the table, or those of the messages`() throws {
    let folder = Folder()
    let own = message("insert", #"{"user":1,"item":2,"rating":3,"timestamp":77}"#)
    #expect(try RatingsReader().times([Location(folder.write(own))]) == [77])
    let none = message("insert", #"{"user":1,"item":2,"rating":3}"#)
    let times = try RatingsReader().times([Location(folder.write(none))])
    #expect(times == [try #require(TimeRange.time(of: "2019-11-19T02:01:46.297961Z"))])
  }

  @Test func `pairs are read whatever is done to them, without control records`() throws {
    let text =
      control + message("delete", #"{"user":1,"item":2}"#) + control + message("insert", #"{"user":"a","item":2}"#)
    let folder = Folder()
    let pairs = try PairsReader().read(Location(folder.write(text)))
    #expect(pairs.map { [$0.user, $0.item] } == [["1", "2"], ["a", "2"]])
  }

  @Test func `a line with any byte wrong is a row or a fault`() {
    let row = Array(
      message("insert", #"{"user":"\ud83c\udfb8é","x":{"y":[1,-2.5e3,null,"z"],"w":{}},"item":12,"plays":3.5}"#).utf8)
    var dice = Dice(4)
    for round in 0..<3000 {
      var bytes = row + row
      for _ in 0...dice.roll(3) { bytes[row.count + dice.roll(row.count)] = UInt8(dice.roll(256)) }
      if dice.roll(3) == 0 { bytes.removeLast(dice.roll(row.count)) }
      let options = round % 2 == 0 ? ReadOptions() : ReadOptions(format: .dmsJSON)
      if let text = failure(bytes, options, workers: 1) { #expect(text.hasPrefix("ratings.txt"), "\(text)") }
    }
  }
}
