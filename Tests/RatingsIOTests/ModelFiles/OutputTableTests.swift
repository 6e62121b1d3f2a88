import ALS
import CZlib
import RatingsIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct OutputTableTests {
  let scratch: ScratchDirectory
  let rows = [ScoredRow(row: 1, score: 93.1), ScoredRow(row: 0, score: -0.00001), ScoredRow(row: 3, score: .infinity)]

  init() throws { scratch = try ScratchDirectory() }

  private func recommendations(_ file: String, names: Bool) throws -> String {
    let model = try sampleModel()
    let form = try TableForm(path: file)
    let sink = try TextSink(path: scratch[file], isCompressed: form.isCompressed)
    let format = RecommendationFormat(form.syntax, ids: model.items, names: names ? model.itemNames : nil)
    let writer = try RecommendationWriter(sink, format: format)
    try writer.write("7", rows)
    try writer.write("a\t\"\n", [])
    try writer.finish()
    #expect(try scratch.entries() == [file])
    return try scratch.text(file)
  }

  @Test func `recommendations in CSV are quoted where needed`() throws {
    #expect(
      try recommendations("out.csv", names: true) == """
        user,rank,item,score,name
        7,1,"b,c",93.1,
        7,2,a,-1e-05,"Älpha, ""Ω""\"
        7,3,\"""ü""\",inf,plain

        """)
    #expect(try recommendations("out.csv", names: false).hasPrefix("user,rank,item,score\n7,1,\"b,c\",93.1\n"))
  }

  @Test func `recommendations in TSV hold no tabs or line breaks but their own`() throws {
    #expect(
      try recommendations("out.tsv", names: true) == """
        user\trank\titem\tscore\tname
        7\t1\tb,c\t93.1\t
        7\t2\ta\t-1e-05\tÄlpha, "Ω"
        7\t3\t"ü"\tinf\tplain

        """)
  }

  @Test func `recommendations in JSON lines are one object per user`() throws {
    #expect(
      try recommendations("out.jsonl", names: true) == #"""
        {"user":"7","recommendations":[{"item":"b,c","score":93.1},{"item":"a","score":-1e-05,"name":"Älpha, \"Ω\""},{"item":"\"ü\"","score":null,"name":"plain"}]}
        {"user":"a\t\"\n","recommendations":[]}

        """#)
  }

  @Test func `columns may be called otherwise`() throws {
    let users = try IDIndex(integers: [4, 5, 6, 7])
    for (syntax, expected) in [
      (TableForm.Syntax.csv, "item,rank,user,score\nx,1,5,93.1\n"),
      (.jsonl, "{\"item\":\"x\",\"recommendations\":[{\"user\":\"5\",\"score\":93.1}]}\n"),
    ] {
      let format = RecommendationFormat(syntax, ids: users, subject: "item", object: "user")
      var bytes = format.header
      format.append("x", [rows[0]], to: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
  }

  @Test func `predictions that are not known are nan or null`() throws {
    for (file, expected) in [
      ("p.csv", "user,item,prediction\n1,\"a,b\",3.5\n2,c,nan\n"),
      ("p.tsv", "user\titem\tprediction\n1\ta,b\t3.5\n2\tc\tnan\n"),
      (
        "p.jsonl",
        "{\"user\":\"1\",\"item\":\"a,b\",\"prediction\":3.5}\n{\"user\":\"2\",\"item\":\"c\",\"prediction\":null}\n"
      ),
    ] {
      let writer = try PredictionWriter(try TextSink(path: scratch[file]), syntax: try TableForm(path: file).syntax)
      try writer.write(user: "1", item: "a,b", prediction: 3.5)
      try writer.write(user: "2", item: "c", prediction: -.nan)
      try writer.finish()
      #expect(try scratch.text(file) == expected)
    }
  }

  @Test func `any table has its cells in every form`() throws {
    for (file, expected) in [
      ("t.csv", "a,\"b\"\"\",c,d,e\nx,-3,0.1,1e+300,\n"), ("t.tsv", "a\tb\"\tc\td\te\nx\t-3\t0.1\t1e+300\t\n"),
      ("t.jsonl", "{\"a\":\"x\",\"b\\\"\":-3,\"c\":0.1,\"d\":1e+300,\"e\":null}\n"),
    ] {
      let writer = try TableWriter(
        try TextSink(path: scratch[file]), syntax: try TableForm(path: file).syntax,
        columns: ["a", "b\"", "c", "d", "e"])
      try writer.write([.text("x"), .integer(-3), .float(0.1), .double(1e300), .none])
      try writer.finish()
      #expect(try scratch.text(file) == expected)
    }
  }

  @Test func `JSON texts escape controls and mend what is no UTF-8`() throws {
    let ids = try IDIndex(utf8: [0x61, 0xFF, 0x01, 0x5C, 0x1F, 0x7F], offsets: [0, 6])
    var bytes: [UInt8] = []
    RecommendationFormat(.jsonl, ids: ids).append("", [ScoredRow(row: 0, score: 100)], to: &bytes)
    #expect(
      String(validating: bytes, as: UTF8.self)
        == "{\"user\":\"\",\"recommendations\":[{\"item\":\"a\u{FFFD}\\u0001\\\\\\u001f\u{7F}\",\"score\":100.0}]}\n")
  }

  @Test func `a compressed table unpacks to the plain one, and equal tables give equal bytes`() throws {
    func write(_ file: String) throws {
      let form = try TableForm(path: file)
      let sink = try TextSink(path: scratch[file], isCompressed: form.isCompressed)
      let writer = try PredictionWriter(sink, syntax: form.syntax)
      for row in 0..<60_000 { try writer.write(user: "\(row)", item: "\(row * 7 % 1001)", prediction: Float(row) / 3) }
      try writer.finish()
    }
    for file in ["a.csv", "b.csv.gz", "c.CSV.GZ"] { try write(file) }
    #expect(try scratch.bytes("b.csv.gz") == scratch.bytes("c.CSV.GZ"))
    let plain = try scratch.bytes("a.csv")
    var unpacked = [UInt8](repeating: 0, count: plain.count + 1)
    let file = try #require(gzopen(scratch["b.csv.gz"], "rb"))
    let count = gzread(file, &unpacked, UInt32(unpacked.count))
    gzclose(file)
    #expect(Int(count) == plain.count && unpacked[..<plain.count] == plain[...])
  }

  @Test func `the ending tells the form`() throws {
    #expect(try TableForm(path: "a/b.c/Out.TSV.gz") == TableForm(.tsv, isCompressed: true))
    #expect(try TableForm(path: "-") == TableForm(.csv))
    #expect(try TableForm(path: "/dev/stdout") == TableForm(.csv))
    for path in ["out", "out.txt", "out.gz", "csv", "a.csv/out"] {
      let error = try #require(modelFileError { _ = try TableForm(path: path) })
      #expect(error.kind == .usage)
      #expect(error.description.contains(".csv, .tsv, .jsonl, .csv.gz, .tsv.gz, .jsonl.gz"))
    }
  }
}
