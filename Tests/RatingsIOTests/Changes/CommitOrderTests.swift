import RatingsIO
import Testing

@Suite struct `The order in which changes were committed` {
  @Test func `full loads come first by their counters, then changes by time, whatever folders they are in`() throws {
    let folder = Folder()
    let names = [
      "z/LOAD00000001.csv", "b/LOAD00000002.csv.gz", "a/LOAD0000000A.csv", "LOAD000000010.csv",
      "2015/01/20141028-2359590000.csv", "2014/10/29/20141029-1134010000.csv", "c/20141029-1134010001.csv.zst",
      "2014/10/30/20141030-0000000000.csv", "a.csv", "b/20141029.csv", "b/LOADS.csv", "z/LOADx.csv",
    ]
    for name in names.reversed() { folder.write("1,2,3\n", to: "d/" + name) }
    for place in ["/d", "/d/"] {
      #expect(try ChangeFile.list(at: Location(folder.path + place)).map(\.name) == names)
    }
  }

  @Test func `it decides which value stays`() throws {
    let folder = Folder()
    folder.write("1,2,1\n3,4,1\n", to: "public/ratings/LOAD00000001.csv")
    folder.write("U,1,2,2\nD,3,4,1\n", to: "public/ratings/2014/10/29/20141029-1134010000.csv")
    folder.write("U,1,2,3\nI,3,4,7\n", to: "public/ratings/2014/10/28/20141029-1200000000.csv")
    let set = try RatingsReader().read([Location(folder.path)])
    #expect(set.triples == [Triple("1", "2", 3), Triple("3", "4", 7)])
  }

  @Test func `files say whether they have changed`() throws {
    let folder = Folder()
    let path = folder.write("1,2,3\n", to: "d/x.csv")
    folder.write("1,2,3\n", to: "d/y.csv")
    let first = try ChangeFile.list(at: Location(folder.path + "/d"))
    #expect(first.map(\.bytes) == [6, 6])
    #expect(first.map(\.version) == (try ChangeFile.list(at: Location(folder.path + "/d")).map(\.version)))
    #expect(first[0].version.hasPrefix("6-"))
    folder.write("1,2,4\n", to: "d/x.csv")
    let second = try ChangeFile.list(at: Location(folder.path + "/d"))
    #expect(second[0].version != first[0].version && second[1].version == first[1].version)
    let one = try ChangeFile.list(at: Location(path))
    #expect(one.map(\.name) == ["x.csv"] && one[0].version == second[0].version)
  }

  @Test func `nothing yet is no fault, but nowhere is`() throws {
    let folder = Folder()
    folder.write("", to: "d/_marker")
    #expect(try ChangeFile.list(at: Location(folder.path + "/d")).isEmpty)
    #expect(throws: RatingsIOError.notFound(file: folder.path + "/e")) {
      try ChangeFile.list(at: Location(folder.path + "/e"))
    }
  }
}
