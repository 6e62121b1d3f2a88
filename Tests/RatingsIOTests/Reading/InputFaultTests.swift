import ALS
import RatingsIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `Faults around the ratings` {
  @Test func `a model inside a directory of ratings is passed over`() throws {
    let folder = Folder()
    folder.write("1\t2\t3\n", to: "a.tsv")
    folder.write("4\t5\t6\n", to: "more/b.tsv")
    let before = try RatingsReader().read([Location(folder.path)])
    let model = Model(
      parameters: try ALSParameters(rank: 1), users: before.users, items: before.items,
      state: TrainingState(
        history: [], factors: Factors(user: FactorMatrix(zeros: 2, rank: 1), item: FactorMatrix(zeros: 2, rank: 1))),
      itemNames: nil, ratings: before.ratings, ratingCount: 2, ratingsFingerprint: before.ratings.fingerprint,
      device: "none")
    try ModelDirectory(folder.path + "/model").save(model)
    let after = try RatingsReader().read([Location(folder.path)])
    #expect(after.triples == before.triples && after.report == before.report)
  }

  #if os(Linux)
    @Test func `a file name that is not UTF-8 is named as such`() throws {
      let folder = Folder()
      let path = Array(folder.path.utf8) + Array("/caf".utf8) + [0xe9, 0]
      let descriptor = path.withUnsafeBytes {
        open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o600)
      }
      close(descriptor)
      let error = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location(folder.path)]) }
      #expect(error == .nameNotUTF8(folder.path + "/caf\u{fffd}") && error?.kind == .noInput)
      path.withUnsafeBytes { _ = unlink($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
      let argument = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location("/caf\u{fffd}.tsv")]) }
      #expect(argument == .nameNotUTF8("/caf\u{fffd}.tsv"))
    }
  #endif

  @Test func `spaces around CSV fields are no part of them, but for quoted ones`() throws {
    let set = try read("user, item, rating\n 1 , a b , 3.5\n\"1\" , \" c\" ,4\n")
    #expect(set.triples == [Triple("1", " c", 4), Triple("1", "a b", 3.5)])
  }

  @Test func `a timestamp column that is not there is refused`() throws {
    var options = ReadOptions()
    options.columns = try ColumnSelection(parsing: "user, item, rating, nosuch")
    let named = failure("user,item,rating,time\n1,2,3,4\n", options)
    #expect(named?.contains("there is no column \"nosuch\"") == true)
    options.columns = try ColumnSelection(parsing: "user,item,rating,time")
    #expect(failure("user,item,rating,time\n1,2,3,4\n", options) == nil)
    options.columns = try ColumnSelection(parsing: "1,2,3,5")
    #expect(failure("1,2,3,4\n", options) == "ratings.txt:1: expected 5 columns, found 4")
  }

  @Test func `readability is told without reading`() throws {
    let folder = Folder()
    let file = folder.write("1\t2\t3\n")
    try Location(file).checkReadable(asOneFile: true)
    try Location("-").checkReadable()
    #expect(throws: RatingsIOError.notFound(file: file + "x")) { try Location(file + "x").checkReadable() }
    #expect(throws: RatingsIOError.isDirectory(file: folder.path)) {
      try Location(folder.path).checkReadable(asOneFile: true)
    }
  }
}
