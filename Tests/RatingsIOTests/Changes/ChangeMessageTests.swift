import RatingsIO
import Testing

@Suite struct `Messages of changes, one by one` {
  private func read(
    _ text: String, columns: String? = nil, map: [RatingRule] = [], drop: Set<String> = []
  ) throws -> ChangeMessage? {
    var reader = ChangeMessageReader(
      columns: try columns.map { try ColumnSelection(parsing: $0) }, ratingMap: map, dropItems: drop)
    return try reader.read(Array(text.utf8))
  }

  private func fault(_ text: String, columns: String? = nil) -> String? {
    do {
      _ = try read(text, columns: columns)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `those of DMS are read, in one line or many`() throws {
    let time = try #require(TimeRange.time(of: "2019-11-19 02:01:46.297961"))
    let text = """
      {
      \t"data":\t{
      \t\t"user_id":\t"7",
      \t\t"artist_id":\t10,
      \t\t"plays":\t"4.5",\t"before":\t{"plays": 3}
      \t},
      \t"metadata":\t{
      \t\t"timestamp":\t"2019-11-19T02:01:46.297961Z",
      \t\t"record-type":\t"data",
      \t\t"operation":\t"update",
      \t\t"partition-key-type":\t"primary-key"
      \t}
      }

      """
    let change = ChangeMessage(user: "7", item: "10", rating: 4.5, time: time)
    #expect(try read(text) == change)
    #expect(try read(text.filter { $0 != "\n" && $0 != "\t" } + "\n") == change)
    let gone = ChangeMessage(user: "7", item: "10", rating: nil, time: time)
    #expect(try read(text.split(separator: "update").joined(separator: "delete")) == gone)
    #expect(try read(text.split(separator: "\"data\",").joined(separator: "\"control\",")) == nil)
  }

  @Test(arguments: [
    (#"{"user":1,"item":"007","rating":5}"#, ChangeMessage(user: "1", item: "007", rating: 5)),
    (#" {"itemId":"é\ud83c\udfb8","userId":-3} "#, ChangeMessage(user: "-3", item: "é🎸", rating: 1)),
    (
      #"{"user":1,"item":2,"rating":"5","timestamp":"1970-01-02"}"#,
      ChangeMessage(user: "1", item: "2", rating: 5, time: 86_400)
    ),
    (#"{"user":1,"item":2,"rating":5,"ts":12.5}"#, ChangeMessage(user: "1", item: "2", rating: 5, time: 12.5)),
    (#"{"user":1,"item":2,"rating":5,"ts":null}"#, ChangeMessage(user: "1", item: "2", rating: 5)),
    (#"{"user":1,"item":2,"rating":5,"operation":"insert"}"#, ChangeMessage(user: "1", item: "2", rating: 5)),
    (#"{"op":"U","user":1,"item":2,"rating":5}"#, ChangeMessage(user: "1", item: "2", rating: 5)),
    (#"{"op":"D","user":1,"item":2,"rating":null}"#, ChangeMessage(user: "1", item: "2", rating: nil)),
    (#"{"Operation":"delete","user":1,"item":2}"#, ChangeMessage(user: "1", item: "2", rating: nil)),
    (
      #"{"user":1,"item":2,"rating":5,"metadata":{"operation":"delete"}}"#,
      ChangeMessage(user: "1", item: "2", rating: 5)
    ),
    (#"{"user":1,"item":2,"rating":5,"rating":6}"#, ChangeMessage(user: "1", item: "2", rating: 6)),
    (
      #"{"metadata":{"operation":"load"},"data":{"item":2,"user":1}}"#, ChangeMessage(user: "1", item: "2", rating: 1)
    ),
  ])
  func `plain ones too`(text: String, change: ChangeMessage) throws {
    #expect(try read(text) == change)
  }

  @Test(arguments: [
    ("ratings", "ratings"), ("shop.ratings", "ratings"), ("orders", "orders"), ("shop.orders", "orders"),
  ])
  func `of several tables the one that is asked for is read`(_ wanted: String, _ found: String) throws {
    var reader = ChangeMessageReader(table: wanted)
    for table in ["ratings", "orders"] {
      // The other one is not even of users and items.
      let data = table == found ? #"{"user": 1, "item": 2, "rating": 3}"# : #"{"total": 5}"#
      let metadata =
        #"{"record-type": "data", "operation": "insert", "schema-name": "shop", "table-name": "\#(table)"}"#
      let change = try reader.read(Array(#"{"metadata": \#(metadata), "data": \#(data)}"#.utf8))
      #expect(change == (table == found ? ChangeMessage(user: "1", item: "2", rating: 3) : nil), "\(table)")
    }
    let plain = try reader.read(Array(#"{"user": 1, "item": 2, "rating": 3}"#.utf8))
    #expect(plain != nil, "a plain message is of no table")
  }

  @Test func `keys are chosen by name`() throws {
    let text = #"{"when":5,"who":"a","what":"b","stars":2,"age":33}"#
    #expect(try read(text, columns: "who,WHAT,age,when") == ChangeMessage(user: "a", item: "b", rating: 33, time: 5))
    #expect(try read(text, columns: "who,what") == ChangeMessage(user: "a", item: "b", rating: 1))
    #expect(fault(text, columns: "who,song,stars") == "there is no \"song\" in the object")
    #expect(fault(text, columns: "who,what,score") == "there is no \"score\" in the object")
    #expect(fault(text, columns: "1,2") == "there is no \"column 1\" in the object")
    #expect(fault(text) == "there is no \"user\" in the object")
    let dms = #"{"data":{"who":"a","what":"b"},"metadata":{"operation":"delete"}}"#
    #expect(try read(dms, columns: "who,what,stars") == ChangeMessage(user: "a", item: "b", rating: nil))
  }

  @Test func `codes are no ratings, and dropped items are none`() throws {
    let map = [RatingRule(value: 255, replacement: nil), RatingRule(value: 9, replacement: 5)]
    let text = #"{"user":1,"item":2,"rating":255}"#
    #expect(try read(text, map: map) == ChangeMessage(user: "1", item: "2", rating: nil))
    #expect(
      try read(#"{"user":1,"item":2,"rating":9}"#, map: map) == ChangeMessage(user: "1", item: "2", rating: 5))
    #expect(try read(text, drop: ["2"]) == nil)
    #expect(try read(#"{"user":1,"item":"2","op":"D"}"#, drop: ["2"]) == nil)
  }

  @Test(arguments: [
    ("", "expected a JSON object with user and item, or one of DMS with data and metadata, found \"\""),
    ("1,2,3\n", "expected a JSON object with user and item, or one of DMS with data and metadata, found \"1,2,3\\n\""),
    ("[1]", "expected a JSON object with user and item, or one of DMS with data and metadata, found \"[1]\""),
    (#"{"user":1,"item":2,"rating":null}"#, "expected a number in \"rating\", found \"null\""),
    (#"{"user":1,"item":2,"rating":true}"#, "expected a number in \"rating\", found \"true\""),
    (#"{"user":1,"item":2,"rating":"many"}"#, "expected a number in \"rating\", found \"many\""),
    (#"{"user":1,"item":2,"rating":NaN}"#, "expected a finite number in \"rating\", found \"NaN\""),
    (#"{"user":1,"item":2,"rating":1e39}"#, "the number in \"rating\" is beyond 32-bit floating point: \"1e39\""),
    (#"{"user":1,"rating":1}"#, "there is no \"item\" in the object"),
    (#"{"user":1.5,"item":2}"#, "expected an id in \"user\", a string or a whole number, found \"1.5\""),
    (#"{"user":"","item":2}"#, "expected an id in \"user\", found nothing"),
    (#"{"user":"a\nb","item":2}"#, "the id in \"user\" holds a line end"),
    (#"{"user":1,"item":"a\u0000"}"#, "the id in \"item\" holds a NUL byte: is this a text file?"),
    (
      #"{"user":1,"item":2,"op":"merge"}"#,
      "expected an operation, load, insert, update or delete, in \"op\", found \"merge\""
    ),
    (
      #"{"user":1,"item":2,"op":null}"#,
      "expected an operation, load, insert, update or delete, in \"op\", found \"null\""
    ),
    (#"{"user":1,"item":2"#, "not valid JSON: expected \",\" or \"}\" at byte 19"),
    (#"{"user":1,"item":2}{"#, "not valid JSON: expected the end of the line at byte 20"),
    (#"{"data":{"user":1,"item":2},"metadata":{}}"#, "there is no \"operation\" in the object"),
    (#"{"data":[],"metadata":{"operation":"insert"}}"#, "there is no \"data\" in the object"),
    (#"{"data":{},"metadata":{"operation":"insert"}}"#, "there is no \"user\" in the object"),
    (#"{"data":{"user":1,"item":2},"metadata":7}"#, "there is no \"metadata\" in the object"),
    ("{\"user\":\"a\nb\",\"item\":2}", "not valid JSON: expected an escape in place of a control character at byte 11"),
  ])
  func `a malformed one is told in words for a dead letter`(text: String, words: String) {
    #expect(fault(text) == words)
  }

  @Test func `an id that is not UTF-8 is malformed`() {
    var reader = ChangeMessageReader()
    let bytes = Array(#"{"user":""#.utf8) + [0xe9] + Array(#"","item":2}"#.utf8)
    let error = #expect(throws: RowFault.self) { try reader.read(bytes) }
    #expect(error?.description == "the id in \"user\" is not valid UTF-8")
  }

  @Test func `they give what the same rows of a file give`() throws {
    let rows = [
      #"{"user":"007","item":7,"rating":"4.50"}"#, #"{"user":7,"item":"x y","rating":-1e-3}"#,
      #"{"user":"9223372036854775808","item":"ü","rating":.5}"#, #"{"user":"+7","item":" 7","rating":1}"#,
      #"{"user":0,"item":-0,"rating":0.1}"#, #"{"user":"a\tb","item":"\u0041","rating":"16777217"}"#,
      #"{"user":1e3,"item":2,"rating":1}"#, #"{"user":1,"item":2,"rating":"1_0"}"#, #"{"user":[],"item":2,"rating":1}"#,
    ]
    for row in rows {
      let forms = [
        (row, ReadOptions(format: .jsonl)),
        (#"{"data":\#(row),"metadata":{"operation":"insert"}}"#, ReadOptions(format: .dmsJSON)),
      ]
      for (text, options) in forms {
        let folder = Folder()
        let path = folder.write(text + "\n")
        do {
          let triples = try RatingsReader(options: options).read([Location(path)]).triples
          let change = try #require(try read(text))
          #expect(triples == [Triple(change.user, change.item, try #require(change.rating))])
        } catch RatingsIOError.malformedRow(_, _, let fault) {
          #expect(self.fault(text) == fault.description)
        }
      }
    }
  }

  @Test func `any bytes are a change or a fault`() {
    let messages = [
      #"{"data":{"user":"\ud83c\udfb8é","x":{"y":[1,-2.5e3,null,"z"],"w":{}},"item":12,"plays":3.5},"metadata":{"timestamp":"2019-11-19T02:01:46Z","record-type":"data","operation":"insert"}}"#,
      #"{"user":"\ud83c\udfb8é","x":{"y":[1,-2.5e3,null,"z"],"w":{}},"item":12,"plays":3.5,"op":"D","time":"1970-01-01"}"#,
      #"{"control":{"a":[]},"metadata":{"record-type":"control","operation":"create-table"}}"#,
    ].map { Array($0.utf8) }
    var dice = Dice(5)
    var reader = ChangeMessageReader()
    var faults = 0
    func check(_ bytes: [UInt8]) {
      do throws(RowFault) {
        if let change = try reader.read(bytes) {
          #expect(!change.user.isEmpty && !change.item.isEmpty && change.rating?.isFinite != false)
        }
      } catch {
        faults += 1
        #expect(!error.description.isEmpty)
      }
    }
    for message in messages {
      for count in 0...message.count { check(Array(message[..<count])) }
      for start in 0...message.count { check(Array(message[start...])) }
      for _ in 0..<20_000 {
        var bytes = message
        for _ in 0...dice.roll(4) {
          let place = dice.roll(bytes.count)
          switch dice.roll(4) {
          case 0: bytes.remove(at: place)
          case 1: bytes.insert(Array("{}[]\",:\\u0".utf8)[dice.roll(10)], at: place)
          case 2: bytes.replaceSubrange(place..., with: message[dice.roll(message.count)...])
          default: bytes[place] = UInt8(dice.roll(256))
          }
        }
        check(bytes)
      }
    }
    for _ in 0..<2000 { check((0..<dice.roll(40)).map { _ in UInt8(dice.roll(256)) }) }
    #expect(faults > 10_000)
  }
}
