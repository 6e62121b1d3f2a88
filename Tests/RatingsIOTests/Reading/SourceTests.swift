import RatingsIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `Files, compression and directories` {
  private static let text = (1...30_000).map { "\($0 % 500)\t\($0)\t\($0 % 7)\n" }.joined()

  private func set(_ bytes: [UInt8], as name: String, blockSize: Int = 4 << 20) throws -> RatingSet {
    let folder = Folder()
    let reader = RatingsReader(options: ReadOptions(), blockSize: blockSize, workerCount: 2)
    return try reader.read([Location(folder.write(bytes, to: name))])
  }

  private func error(_ bytes: [UInt8], as name: String, blockSize: Int = 4 << 20) -> String? {
    failure(bytes, ReadOptions(), blockSize: blockSize, as: name)
  }

  @Test(arguments: ["r.gz", "r.tsv", "r.zst"])
  func `gzip and zstd are recognised by their first bytes`(name: String) throws {
    let plain = try set(Array(Self.text.utf8), as: "r")
    let isZstd = name == "r.zst"
    let packed = isZstd ? zstd(Array(Self.text.utf8)) : gzip(Array(Self.text.utf8))
    for blockSize in [1 << 10, 4 << 20] {
      let unpacked = try set(packed, as: name, blockSize: blockSize)
      #expect(unpacked.ratings == plain.ratings)
      #expect(unpacked.users == plain.users)
      #expect(unpacked.report.bytes == packed.count)
    }
    #expect(try set(zstd(Array(Self.text.utf8)), as: "r.txt").ratings == plain.ratings)
  }

  @Test func `members and frames that follow each other are one file`() throws {
    let bytes = Array(Self.text.utf8)
    // Not at a line end.
    let (head, tail) = (Array(bytes[..<100_001]), Array(bytes[100_001...]))
    let plain = try set(bytes, as: "r")
    #expect(try set(gzip(head) + gzip([]) + gzip(tail), as: "r.gz").ratings == plain.ratings)
    #expect(try set(gzip(head) + gzip(tail) + [0, 0, 0, 0], as: "r.gz").ratings == plain.ratings)
    #expect(try set(zstd(head) + zstd([]) + zstd(tail), as: "r.zst").ratings == plain.ratings)
  }

  @Test(arguments: [64, 5000, 4 << 20])
  func `truncated data are malformed wherever they end`(blockSize: Int) {
    let bytes = Array(Self.text.utf8)
    let (packed, frame) = (gzip(bytes), zstd(bytes))
    let gzipError = "r.gz: the gzip data end too early: the file is incomplete, copy or download it again"
    let zstdError = "r.zst: the zstd data end too early: the file is incomplete, copy or download it again"
    for count in [1, 3, 12, 1000, packed.count / 2, packed.count - 9, packed.count - 8, packed.count - 1] {
      #expect(error(Array(packed[..<count]), as: "r.gz", blockSize: blockSize) == gzipError, "\(count)")
    }
    for count in [1, 3, 5, 1000, frame.count / 2, frame.count - 1] {
      #expect(error(Array(frame[..<count]), as: "r.zst", blockSize: blockSize) == zstdError, "\(count)")
    }
    #expect(error([], as: "r.gz") == gzipError)
    #expect(error(packed + packed[..<20], as: "r.gz") == gzipError)
  }

  @Test func `a malformed row before a truncation is the first failure`() {
    let packed = gzip(Array(("1\t2\t3\n1\tx\n" + Self.text).utf8))
    for blockSize in [16, 4 << 20] {
      #expect(
        error(Array(packed[..<(packed.count - 100)]), as: "r.gz", blockSize: blockSize)
          == "r.gz:2: expected 3 columns, found 2")
    }
  }

  @Test func `damaged data and false endings are malformed`() {
    var packed = gzip(Array(Self.text.utf8))
    packed[packed.count - 6] ^= 0xff
    #expect(error(packed, as: "r.gz")?.hasPrefix("r.gz: not valid gzip data (") == true)
    #expect(error(Array("1\t2\t3\n".utf8), as: "r.gz")?.hasPrefix("r.gz: not valid gzip data (") == true)
    #expect(error(Array("1\t2\t3\n".utf8), as: "r.zst")?.hasPrefix("r.zst: not valid zstd data (") == true)
    var frame = zstd(Array(Self.text.utf8))
    frame[frame.count / 2] ^= 0xff
    #expect(error(frame, as: "r.zst")?.contains("zstd data") == true)
    let junk = gzip(Array(Self.text.utf8)) + Array("junk".utf8)
    #expect(error(junk, as: "r.gz")?.hasPrefix("r.gz: not valid gzip data (") == true)
  }

  @Test func `a directory is read with all below it, in the order of names`() throws {
    let folder = Folder()
    folder.write("1,2,1\n", to: "r/b/part-0.csv")
    folder.write("1,2,2\n", to: "r/b/part-1.csv")
    folder.write("user,item,rating\n1,2,3\n", to: "r/c.csv")
    folder.write("1\t9\t9\n", to: "r/a.tsv")
    folder.write("junk", to: "r/_SUCCESS")
    folder.write("junk", to: "r/.part.crc")
    folder.write("junk", to: "r/_temporary/x")
    folder.write("", to: "r/b/empty.csv")
    let set = try RatingsReader().read([Location(folder.path + "/r")])
    #expect(set.triples == [Triple("1", "2", 3), Triple("1", "9", 9)])
    #expect(set.report.duplicates == 2)
    #expect(set.report.rowCount == 4)
  }

  @Test func `several locations are one set, in their order`() throws {
    let folder = Folder()
    let a = Location(folder.write("1,2,1\n1,3,1\n", to: "a"))
    let b = Location(folder.write("1\t2\t2\n", to: "b"))
    #expect(try RatingsReader().read([a, b]).triples == [Triple("1", "2", 2), Triple("1", "3", 1)])
    #expect(try RatingsReader().read([b, a]).triples == [Triple("1", "2", 1), Triple("1", "3", 1)])
  }

  @Test func `names among the ratings are not taken for ratings`() throws {
    let folder = Folder()
    folder.write("7\tSome Name\n8\tOther\n", to: "artists.tsv")
    folder.write("1\t7\t90\n", to: "ratings.tsv")
    for workers in 1...3 {
      let reader = RatingsReader(options: ReadOptions(), blockSize: 4, workerCount: workers)
      let error = #expect(throws: RatingsIOError.self) { try reader.read([Location(folder.path)]) }
      #expect(
        error == .mixedRatingColumns(with: folder.path + "/ratings.tsv", without: folder.path + "/artists.tsv"))
      #expect(error?.kind == .badData)
    }
  }

  @Test func `standard input is read, compressed or not`() throws {
    let folder = Folder()
    let kept = dup(STDIN_FILENO)
    for bytes in [Array(Self.text.utf8), gzip(Array(Self.text.utf8)), zstd(Array(Self.text.utf8))] {
      let file = open(folder.write(bytes, to: "in"), O_RDONLY)
      dup2(file, STDIN_FILENO)
      close(file)
      let set = try RatingsReader().read([Location("-")])
      #expect(set.report.rowCount == 30_000)
      #expect(set.report.bytes == bytes.count)
    }
    let file = open(folder.write(Array("1,2\n1,2,3\n".utf8), to: "in"), O_RDONLY)
    dup2(file, STDIN_FILENO)
    close(file)
    let error = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location("-")]) }
    #expect(error?.description == "standard input:1: expected 3 columns, found 2")
    dup2(kept, STDIN_FILENO)
    close(kept)
  }

  @Test func `what is not there is no input`() {
    let folder = Folder()
    mkdir(folder.path + "/empty", 0o755)
    folder.write("junk", to: "hidden/.x")
    for (name, text) in [
      ("nothing", "nothing: there is no such file or directory"),
      ("empty", "empty: the directory holds no rating files (names that start with \".\" or \"_\" are not read)"),
      ("hidden", "hidden: the directory holds no rating files (names that start with \".\" or \"_\" are not read)"),
    ] {
      let error = #expect(throws: RatingsIOError.self) {
        try RatingsReader().read([Location(folder.path + "/" + name)])
      }
      #expect(error?.kind == .noInput)
      #expect(error.map { description($0, in: folder) } == text)
    }
    let remote = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location("ftp://bucket/ratings")]) }
    #expect(remote == .unsupportedLocation("ftp://bucket/ratings"))
    // Before the first file is read in vain.
    let good = Location(folder.write("1,2,3\n", to: "good"))
    let error = #expect(throws: RatingsIOError.self) {
      try RatingsReader().read([good, Location(folder.path + "/nothing")])
    }
    #expect(error == .notFound(file: folder.path + "/nothing"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `a file that may not be read is no input`() {
    let folder = Folder()
    let path = folder.write("1,2,3\n")
    chmod(path, 0)
    let error = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location(path)]) }
    #expect(error == .unreadable(file: path, status: EACCES))
    #expect(error?.kind == .noInput)
  }

  #if os(Linux)
    @Test func `a failure in the middle of reading is an input error`() {
      // Reading a process's memory at address 0 fails with an input/output error.
      let error = #expect(throws: RatingsIOError.self) { try RatingsReader().read([Location("/proc/self/mem")]) }
      #expect(error == .readFailed(file: "/proc/self/mem", status: EIO))
      #expect(error?.kind == .ioError)
      #expect(error?.description == "/proc/self/mem: reading failed: Input/output error")
    }
  #endif

  @Test func `a link that leads back up does not go on for ever`() throws {
    let folder = Folder()
    folder.write("1,2,3\n", to: "d/a.csv")
    symlink("..", folder.path + "/d/up")
    #expect(try RatingsReader().read([Location(folder.path)]).ratings.entryCount == 1)
  }

  @Test func `progress is told, and ends with all bytes`() throws {
    let folder = Folder()
    let path = folder.write(Self.text)
    let size = Self.text.utf8.count
    let steps = Steps()
    let reader = RatingsReader(options: ReadOptions(), blockSize: 10_000, workerCount: 3)
    _ = try reader.read([Location(path)]) { bytes, total in steps.add(bytes, total) }
    let (seen, totals) = steps.all
    #expect(seen == seen.sorted())
    #expect(seen.last == size)
    #expect(totals == [size])
  }
}
