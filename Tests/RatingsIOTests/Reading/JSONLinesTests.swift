import RatingsIO
import Testing

@Suite struct `JSON objects, one per line` {
  private let expected = [Triple("1", "10", 5), Triple("1", "20", 3.5), Triple("2", "10", 1)]

  @Test(arguments: [
    #"{"user":1,"item":10,"rating":5}"# + "\n" + #"{"user":1,"item":20,"rating":3.5}"# + "\n"
      + #"{"user":2,"item":10,"rating":1}"# + "\n",
    #"{"user": "1", "item": "10", "rating": "5"}"# + "\r\n" + #" {"item" : 20 ,"rating":35e-1, "user":"1" } "#
      + "\r\n\r\n"
      + #"{"rating":1.0,"user":2,"item":10}"#,
    "\u{FEFF}" + #"{"reviewerID":"1","asin":"10","helpful":[2,{"of":[]}],"reviewText":"a, \"b\"\t::{","overall":5.0}"#
      + "\n"
      + #"{"x":{"y":{},"z":[[],[1,2,"]"]]},"reviewerID":"1","asin":"20","overall":3.5,"n":null,"t":true,"f":false}"#
      + "\n" + #"{"reviewerID":"2","asin":"10","overall":1,"price":NaN,"low":-Infinity,"e":-1.5E+3}"#,
  ])
  func `are found by looking, whatever their keys, their order and what else they hold`(text: String) throws {
    for (blockSize, workers) in [(4 << 20, 2), (7, 3)] {
      let set = try read(text, blockSize: blockSize, workers: workers)
      #expect(set.triples == expected)
      #expect(set.report.rowCount == 3 && set.report.hasRatings)
      #expect(set.report.bytes == text.utf8.count)
    }
  }

  @Test func `an id is the same as a number and as a string, here and in other files`() throws {
    let folder = Folder()
    let paths = [
      folder.write(
        #"{"userId":12,"artistId":"A","plays":1}"# + "\n" + #"{"userId":"12","artistId":7,"plays":2}"#, to: "a.jsonl"),
      folder.write("12,A,3\n12,007,4\n", to: "b.csv"),
    ]
    let set = try RatingsReader(options: ReadOptions(duplicates: .sum)).read(paths.map { Location($0) })
    #expect(set.triples == [Triple("12", "007", 4), Triple("12", "7", 2), Triple("12", "A", 4)])
  }

  @Test func `escapes are resolved, surrogate pairs too`() throws {
    let text =
      #"{"us\u0065r":"\u00fc\ud83c\udfb8","item":"a\"b\\c\/\t","rating":1}"# + "\n"
      + #"{"user":"ü🎸","item":"\u0061\u0022b\\c/\u0009","rating":2}"# + "\n"
    let set = try read(text, ReadOptions(duplicates: .sum))
    #expect(set.triples == [Triple("ü🎸", "a\"b\\c/\t", 3)])
  }

  @Test func `without a key of ratings every rating is one`() throws {
    let set = try read(#"{"user":1,"item":2}"# + "\n" + #"{"user":1,"item":3,"genre":"pop"}"#)
    #expect(set.triples == [Triple("1", "2", 1), Triple("1", "3", 1)])
    #expect(!set.report.hasRatings)
  }

  @Test func `columns are chosen by key, not by position`() throws {
    let text = #"{"when":5,"who":"a","what":"b","stars":2,"age":33}"# + "\n"
    for (columns, rating) in [("who,what,stars", 2), ("Who,WHAT,age,when", 33), ("who,what", 1)] {
      let options = ReadOptions(columns: try ColumnSelection(parsing: columns))
      #expect(try read(text, options).triples == [Triple("a", "b", Float(rating))])
    }
    #expect(
      failure(text, ReadOptions(columns: try ColumnSelection(parsing: "who,song")))
        == "ratings.txt: none of its first objects has a key \"song\"; they have \"when\", \"who\", \"what\", \"stars\", \"age\""
    )
    #expect(
      failure(text, ReadOptions(columns: try ColumnSelection(parsing: "2,3,4")))?.hasPrefix(
        "ratings.txt: the columns of JSON objects have no positions: give --columns names, of \"when\", \"who\"")
        == true)
    #expect(
      failure(text)
        == "ratings.txt: none of the keys of its first objects, \"when\", \"who\", \"what\", \"stars\", \"age\", tells that it"
        + " holds the users (say which with --columns)")
  }

  @Test(arguments: [
    (#"{"user":1,"item":2}"#, "there is no \"plays\" in the object"),
    (#"{"item":2,"plays":2}"#, "there is no \"user\" in the object"),
    (#"{}"#, "there is no \"user\" in the object"),
    (#"{"user":null,"item":2,"plays":3}"#, "expected an id in \"user\", a string or a whole number, found \"null\""),
    (#"{"user":1,"item":true,"plays":3}"#, "expected an id in \"item\", a string or a whole number, found \"true\""),
    (#"{"user":1.5,"item":2,"plays":3}"#, "expected an id in \"user\", a string or a whole number, found \"1.5\""),
    (#"{"user":1e3,"item":2,"plays":3}"#, "expected an id in \"user\", a string or a whole number, found \"1e3\""),
    (
      #"{"user":{"id":1},"item":2,"plays":3}"#,
      "expected an id in \"user\", a string or a whole number, found \"an object\""
    ),
    (#"{"user":"","item":2,"plays":3}"#, "expected an id in \"user\", found nothing"),
    (#"{"user":"a\nb","item":2,"plays":3}"#, "the id in \"user\" holds a line end"),
    (#"{"user":"a\u0000","item":2,"plays":3}"#, "the id in \"user\" holds a NUL byte: is this a text file?"),
    (#"{"user":1,"item":2,"plays":null}"#, "expected a number in \"plays\", found \"null\""),
    (#"{"user":1,"item":2,"plays":[3]}"#, "expected a number in \"plays\", found \"an array\""),
    (#"{"user":1,"item":2,"plays":"x"}"#, "expected a number in \"plays\", found \"x\""),
    (#"{"user":1,"item":2,"plays":NaN}"#, "expected a finite number in \"plays\", found \"NaN\""),
    (#"{"user":1,"item":2,"plays":-Infinity}"#, "expected a finite number in \"plays\", found \"-Infinity\""),
    (#"{"user":1,"item":2,"plays":1e39}"#, "the number in \"plays\" is beyond 32-bit floating point: \"1e39\""),
    (#"{"user":1,"item":2,"plays":3"#, "not valid JSON: expected \",\" or \"}\" at byte 29"),
    (#"{"user":1,"item":2,"plays":3}}"#, "not valid JSON: expected the end of the line at byte 30"),
    (#"{"user":1,"item":2,"plays":3,}"#, "not valid JSON: expected a string at byte 30"),
    (#"{"user":1,"item":2 "plays":3}"#, "not valid JSON: expected \",\" or \"}\" at byte 20"),
    (#"{"user" 1,"item":2,"plays":3}"#, "not valid JSON: expected \":\" at byte 9"),
    (#"{"user":1,"item":2,"plays":}"#, "not valid JSON: expected a value at byte 28"),
    (#"{"user":01,"item":2,"plays":3}"#, "not valid JSON: expected a value at byte 9"),
    (#"{"user":1,"item":2,"plays":3.}"#, "not valid JSON: expected a digit at byte 30"),
    (#"{"user":1,"item":2,"plays":-}"#, "not valid JSON: expected a value at byte 28"),
    (#"{"user":"a,"item":2,"plays":3}"#, "not valid JSON: expected \",\" or \"}\" at byte 13"),
    (#"{"user":"\x","item":2,"plays":3}"#, "not valid JSON: expected an escape that JSON knows at byte 10"),
    (#"{"user":"\ud83c","item":2,"plays":3}"#, "not valid JSON: expected a surrogate pair at byte 16"),
    (#"{"user":"\ud83c\u0041","item":2,"plays":3}"#, "not valid JSON: expected a surrogate pair at byte 22"),
    (#"{"user":"\udfb8","item":2,"plays":3}"#, "not valid JSON: expected a surrogate pair at byte 16"),
    (#"{"user":"\u12"#, "not valid JSON: expected four hexadecimal digits at byte 10"),
    (#"{"user":1,"x":[1,],"item":2,"plays":3}"#, "not valid JSON: expected a value at byte 18"),
    (#"{"user":1,"x":{,"item":2,"plays":3}"#, "not valid JSON: expected a string at byte 16"),
    (#"{"user":1,"x":[1},"item":2,"plays":3}"#, "not valid JSON: expected \"]\" at byte 17"),
    (#"{"user":1,"x":nul,"item":2,"plays":3}"#, "not valid JSON: expected a value at byte 15"),
    (
      "{\"user\":\"a\tb\",\"item\":2,\"plays\":3}",
      "not valid JSON: expected an escape in place of a control character at byte 11"
    ),
    (
      "1,2,3",
      "expected one JSON object in each line, found \"1,2,3\" (jq -c makes such lines; of an array, jq -c '.[]')"
    ),
    (
      #"[1,2,3]"#,
      "expected one JSON object in each line, found \"[1,2,3]\" (jq -c makes such lines; of an array, jq -c '.[]')"
    ),
  ])
  func `a malformed one stops the run with file, line and key`(row: String, fault: String) throws {
    let good = #"{"user":1,"item":2,"plays":3}"# + "\n"
    for (blockSize, workers) in [(4 << 20, 1), (40, 3)] {
      #expect(
        failure(good + good + row + "\n" + good, blockSize: blockSize, workers: workers) == "ratings.txt:3: \(fault)")
    }
    #expect(failure(good + good + row) == "ratings.txt:3: \(fault)")
    let rows = String(repeating: good, count: 150)
    let set = try read(rows + row + "\n" + rows, ReadOptions(duplicates: .last, onError: .skip))
    #expect(set.report.skipped == 1 && set.report.rowCount == 301)
    #expect(set.triples == [Triple("1", "2", 3)])
    #expect(set.report.firstSkipped?.hasSuffix("ratings.txt:151: \(fault)") == true)
  }

  @Test(arguments: ["[", "{", #"[{"user":1,"item":2}]"#, "{\n  \"user\": 1,\n  \"item\": 2\n}\n"])
  func `JSON over several lines is refused as JSON`(text: String) {
    #expect(failure(text)?.contains("JSON") == true)
  }

  @Test func `nesting without end is refused, and not followed`() {
    let good = #"{"user":1,"item":2}"# + "\n"
    let deep = #"{"user":1,"item":2,"x":"# + String(repeating: "[", count: 1_000_000)
    #expect(failure(good + deep) == "ratings.txt:2: not valid JSON: expected fewer levels of nesting at byte 88")
  }

  @Test func `a line with any byte wrong is a row or a fault`() {
    let row = Array(
      (#"{"user":"\ud83c\udfb8é","x":{"y":[1,-2.5e3,null,"z"],"w":{}},"item":12,"plays":3.5}"# + "\n").utf8)
    var dice = Dice(3)
    for _ in 0..<3000 {
      var bytes = row + row
      for _ in 0...dice.roll(3) { bytes[row.count + dice.roll(row.count)] = UInt8(dice.roll(256)) }
      if dice.roll(3) == 0 { bytes.removeLast(dice.roll(row.count)) }
      if let text = failure(bytes, workers: 1) { #expect(text.hasPrefix("ratings.txt"), "\(text)") }
    }
  }

  @Test func `times are those of a key`() throws {
    let text =
      #"{"user":1,"item":2,"rating":3,"timestamp":"2011-04-30"}"# + "\n"
      + #"{"user":1,"item":3,"rating":4,"timestamp":1}"# + "\n"
    let folder = Folder()
    let path = folder.write(text)
    #expect(try RatingsReader().times([Location(path)]).sorted() == [1, 1_304_121_600])
    var options = ReadOptions()
    options.times = .before(100)
    #expect(try RatingsReader(options: options).read([Location(path)]).triples == [Triple("1", "3", 4)])
    #expect(failure(#"{"user":1,"item":2,"rating":3}"#, options)?.contains("no column of times") == true)
    #expect(
      failure(text + #"{"user":1,"item":3,"rating":4,"timestamp":null}"#, options)
        == "ratings.txt:3: expected a time in \"timestamp\", a number or a date like 2011-04-30 23:59:59, found \"null\""
    )
  }

  @Test func `pairs, ids and names are read from them too`() throws {
    let folder = Folder()
    let pairs = folder.write(#"{"item":"b","user":1}"# + "\n" + #"{"user":2,"item":"c"}"#, to: "pairs.jsonl")
    #expect(try PairsReader().read(Location(pairs)).map { [$0.user, $0.item] } == [["1", "b"], ["2", "c"]])
    let ids = folder.write(#"{"user":1}"# + "\n" + #"{"user":"x"}"#, to: "ids.jsonl")
    #expect(try IDListReader.read(Location(ids)) == ["1", "x"])
    let names = folder.write(
      #"{"name":"Björk","id":7}"# + "\n" + #"{"name":null,"id":8}"# + "\n" + #"{"name":"A \u0026 B","id":9}"#,
      to: "names.jsonl")
    let index = try RatingsReader().read([Location(folder.write("1,7,1\n1,8,1\n1,9,1\n"))]).items
    #expect(try ItemNamesReader.read(Location(names)).names(for: index) == ["Björk", nil, "A & B"])
  }

  @Test func `braces in other files are characters like others`() throws {
    #expect(try read("a\t{\"x\"\t1\nb\t{}\t2\n").triples == [Triple("a", "{\"x\"", 1), Triple("b", "{}", 2)])
    #expect(try read("{1},[2],3\n").triples == [Triple("{1}", "[2]", 3)])
  }
}
