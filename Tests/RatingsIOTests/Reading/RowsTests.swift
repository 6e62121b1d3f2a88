import ALS
import RatingsIO
import Testing

@Suite struct `Pairs, lists of ids and names` {
  private func pairs(_ text: String, format: RatingsFormat? = nil, columns: String? = nil) throws -> [[String]] {
    let folder = Folder()
    let selection = try columns.map { try ColumnSelection(parsing: $0) }
    return try PairsReader(format: format, columns: selection).read(Location(folder.write(text))).map { [$0, $1] }
  }

  private func names(_ bytes: [UInt8], encoding: TextEncoding? = nil) throws -> ItemNames {
    let folder = Folder()
    return try ItemNamesReader.read(Location(folder.write(bytes, to: "names.txt")), encoding: encoding)
  }

  @Test func `pairs keep their order, their text and their repetitions`() throws {
    let wanted = [["2", "007"], ["1", "x"], ["2", "007"]]
    for text in [
      "2\t007\n1\tx\n2\t007\n", "2,007,4\n1,x,5\n2,007,4", "user,item\r\n2,007\r\n1,x\r\n\r\n2,007\r\n",
      "2::007\n1::x\n2::007\n", "\u{FEFF}item_id,user_id,what\n007,2,a\nx,1,b\n007,2,c\n",
    ] {
      #expect(try pairs(text) == wanted, "\(text)")
    }
    #expect(try pairs("a,b,c,d\n0,2,0,007\n0,1,0,x\n0,2,0,007\n", columns: "b,d") == wanted)
    #expect(try pairs("0,2,0,007\n0,1,0,x\n0,2,0,007\n", columns: "2,4,3") == wanted)
  }

  @Test func `a bad pair is named by file and line`() {
    for (text, fault) in [
      ("1\t2\n1\n", "ratings.txt:2: expected 2 columns, found 1"),
      ("1\t2\n\t2\n", "ratings.txt:2: expected an id in column 1, found nothing"),
      ("user,item\n\n1,\n", "ratings.txt:3: expected an id in column 2, found nothing"),
      ("", "ratings.txt: no ratings: the input is empty"),
    ] {
      let folder = Folder()
      let path = folder.write(text)
      let error = #expect(throws: RatingsIOError.self) { try PairsReader().read(Location(path)) }
      #expect(error.map { description($0, in: folder) } == fault)
      #expect(error?.kind == .badData)
    }
    let folder = Folder()
    let error = #expect(throws: RatingsIOError.self) { try PairsReader().read(Location(folder.path)) }
    #expect(error == .isDirectory(file: folder.path))
  }

  @Test func `many pairs cross blocks`() throws {
    let text = (0..<300_000).map { "\($0)\t\($0 * 7)\n" }.joined()
    let read = try pairs(text)
    #expect(read.count == 300_000)
    #expect(read.enumerated().allSatisfy { $1 == [String($0), String($0 * 7)] })
  }

  @Test func `a list of ids is the first column`() throws {
    let folder = Folder()
    for text in [
      "5\n3\nx y\n5\n", "userId\n5\n3\nx y\n5", "5\t1\n3\t1\r\n\nx y\t2\n5\t\n", "user,n\n5,1\n3,1\n\"x y\",1\n5,2\n",
    ] {
      #expect(try IDListReader.read(Location(folder.write(text))) == ["5", "3", "x y", "5"], "\(text)")
    }
    let path = folder.write("\n")
    #expect(throws: RatingsIOError.noRows(files: [path])) { try IDListReader.read(Location(path)) }
  }

  @Test func `names go to the rows of their ids`() throws {
    let index = try IDIndex(integers: [1, 2, 3, 4])
    for text in [
      "3\tBobby \"O\"\n1\t'68 Comeback\n9\tNobody\n2\t\n",
      "movieId,title,genres\n3,\"Bobby \"\"O\"\"\",x\n1,'68 Comeback,y\n",
      "3::Bobby \"O\"::Jazz\n1::'68 Comeback::Rock\n", "name,artist_id\n\"Bobby \"\"O\"\"\",3\n'68 Comeback,1\n",
      "1\told\n3\tBobby \"O\"\n1\t'68 Comeback\n",
    ] {
      #expect(
        try names(Array(text.utf8)).names(for: index) == ["'68 Comeback", nil, "Bobby \"O\"", nil], "\(text)")
    }
  }

  @Test func `windows-1252 is read where it is asked for or where UTF-8 does not fit`() throws {
    let index = try IDIndex(integers: [1, 2])
    let latin =
      Array("1\tBj".utf8) + [0xf6] + Array("rk ".utf8) + [0x80, 0x93, 0x9f, 0x81] + Array("\n2\tBeyonc".utf8) + [
        0xe9, 0x0a,
      ]
    let wanted = ["Björk €“Ÿ\u{81}", "Beyoncé"]
    #expect(try names(latin).names(for: index) == wanted)
    #expect(try names(latin, encoding: .windows1252).names(for: index) == wanted)
    let utf8 = Array("1\tBjörk\n2\tBeyoncé\n".utf8)
    #expect(try names(utf8).names(for: index) == ["Björk", "Beyoncé"])
    #expect(try names(utf8, encoding: .windows1252).names(for: index) == ["BjÃ¶rk", "BeyoncÃ©"])
    let folder = Folder()
    let path = folder.write(latin, to: "n")
    let error = #expect(throws: RatingsIOError.self) { try ItemNamesReader.read(Location(path), encoding: .utf8) }
    #expect(error == .invalidEncoding(file: path, line: 1, encoding: .utf8))
  }

  @Test func `a name that is missing is malformed`() {
    let folder = Folder()
    let path = folder.write("1\ta\n2\n")
    let error = #expect(throws: RatingsIOError.self) { try ItemNamesReader.read(Location(path)) }
    #expect(error == .malformedRow(file: path, line: 2, fault: .missingColumns(expected: 2, found: 1)))
  }
}
