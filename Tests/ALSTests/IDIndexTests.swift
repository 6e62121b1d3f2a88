import ALS
import Testing

struct IDIndexTests {
  private func canonical(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { IDIndex.canonicalInteger($0) }
  }

  /// Finds every id by each way there is.
  private func expectLookups(_ index: IDIndex, _ ids: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(index.count == ids.count, sourceLocation: sourceLocation)
    for (row, id) in ids.enumerated() {
      #expect(index[row] == id, sourceLocation: sourceLocation)
      #expect(index.row(of: id) == row, sourceLocation: sourceLocation)
      var text = id
      let rowOfUTF8 = text.withUTF8 { index.row(ofUTF8: $0) }
      #expect(rowOfUTF8 == row, sourceLocation: sourceLocation)
      if let number = canonical(id) { #expect(index.row(of: number) == row, sourceLocation: sourceLocation) }
      var bytes = Array("id=".utf8)
      index.append(row: row, to: &bytes)
      #expect(bytes == Array("id=\(id)".utf8), sourceLocation: sourceLocation)
    }
  }

  private func isIntegers(_ index: IDIndex) -> Bool {
    if case .integers = index.storage { true } else { false }
  }

  @Test(arguments: [
    [Int64](), [5], [1, 2, 3], [3, 1, 2], [-99, -100, 0, 7], [.max, .min, 0, 1 << 31, 1 << 32, -1 << 40],
  ])
  func `whole numbers in any order are found`(ids: [Int64]) throws {
    let index = try IDIndex(integers: ids)
    #expect(isIntegers(index))
    expectLookups(index, ids.map(String.init))
    for absent in [Int64(4), -5, 1 << 33] where !ids.contains(absent) {
      #expect(index.row(of: absent) == nil)
      #expect(index.row(of: "\(absent)") == nil)
    }
    #expect(index.row(of: "artist") == nil)
    #expect(index.row(of: "") == nil)
  }

  @Test(arguments: [
    ["a"], ["a", "b", "c"], ["c", "a", "b"], ["", "a"], ["a", "ab", "abc", "b"], ["abc", "ab", "a"],
    ["é", "e", "z", "日本", "🎷"], ["007", "7", "+7", "7.0", " 7"], ["10", "9", "x"],
    ["9223372036854775808", "1"], ["'68 Comeback", "Bobby \"O\"", "a\tb"],
  ])
  func `texts in any order are found`(ids: [String]) throws {
    let index = try IDIndex(ids)
    #expect(!isIntegers(index))
    expectLookups(index, ids)
    for absent in ["nobody", "aa", "zzz", "0007"] { #expect(index.row(of: absent) == nil) }
    #expect(index.row(of: Int64(123_456)) == nil)
  }

  @Test func `texts that are all canonical numbers are kept as numbers`() throws {
    let index = try IDIndex(["20", "3", "-100", "9223372036854775807", "5000000000"])
    #expect(isIntegers(index))
    #expect(try index == IDIndex(integers: [20, 3, -100, .max, 5_000_000_000]))
    expectLookups(index, ["20", "3", "-100", "9223372036854775807", "5000000000"])
    #expect(index.row(of: "03") == nil)
    #expect(index.row(of: "+3") == nil)
  }

  @Test func `one run of UTF-8 equals an array of texts`() throws {
    let index = try IDIndex(utf8: Array("bobalice".utf8), offsets: [0, 3, 8])
    #expect(try index == IDIndex(["bob", "alice"]))
    #expect(try IDIndex(utf8: [], offsets: [0]).count == 0)
  }

  @Test func `canonically equivalent texts are different ids`() throws {
    // "é" as one scalar and as two: an id is its bytes.
    let index = try IDIndex(["\u{e9}", "e\u{301}"])
    #expect(index.row(of: "\u{e9}") == 0)
    #expect(index.row(of: "e\u{301}") == 1)
  }

  @Test func `an id that stands twice is refused by name`() {
    #expect(throws: ALSError.duplicateID("7")) { try IDIndex(integers: [7, 3, 7]) }
    #expect(throws: ALSError.duplicateID("7")) { try IDIndex(integers: [3, 7, 7]) }
    #expect(throws: ALSError.duplicateID("bob")) { try IDIndex(["bob", "alice", "bob"]) }
    #expect(throws: ALSError.duplicateID("12")) { try IDIndex(["12", "12"]) }
    #expect(throws: ALSError.duplicateID("")) { try IDIndex(["", ""]) }
  }

  @Test func `many ids in scattered order are found`() throws {
    let philox = Philox(seed: 6)
    let numbers = Set((0..<5000).map { Int64(philox.block($0, stream: 0)[0]) << 20 | Int64($0) })
    let ids = numbers.map { $0 % 2 == 0 ? $0 : -$0 }
    expectLookups(try IDIndex(integers: ids), ids.map(String.init))
    let texts = ids.map { "u\($0)" }
    expectLookups(try IDIndex(texts), texts)
  }

  @Test(arguments: [
    ("0", Int64(0)), ("7", 7), ("-1", -1), ("4294967296", 4_294_967_296), ("9223372036854775807", .max),
    ("-9223372036854775808", .min), ("1000000000000000000", 1_000_000_000_000_000_000),
  ])
  func `a canonical number is read`(text: String, value: Int64) {
    #expect(canonical(text) == value)
    #expect(String(value) == text)
  }

  @Test(arguments: [
    "", "-", "+", "-0", "00", "007", "-07", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "1_000", "--1", "1-", "a", "٣",
    "9223372036854775808", "-9223372036854775809", "9999999999999999999", "12345678901234567890",
    "-12345678901234567890", "99999999999999999999", "100000000000000000000", "18446744073709551616",
  ])
  func `what does not come back as the same text is no number`(text: String) {
    #expect(canonical(text) == nil)
  }
}
