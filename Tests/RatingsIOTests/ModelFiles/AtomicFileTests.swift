import RatingsIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct AtomicFileTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func write(_ text: String, to path: String, commits: Bool = true) throws {
    let file = try AtomicFile(path)
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
    if commits { try file.commit() }
  }

  @Test func `a file appears whole or not at all`() throws {
    try scratch.write("out", "old")
    try write("new", to: scratch["out"], commits: false)
    #expect(try scratch.text("out") == "old")
    #expect(try scratch.entries() == ["out"])
    try write("new", to: scratch["out"])
    #expect(try scratch.text("out") == "new")
    #expect(try scratch.entries() == ["out"])
  }

  @Test func `permissions and links stay`() throws {
    try scratch.write("real", "old")
    chmod(scratch["real"], 0o640)
    symlink("real", scratch["link"])
    try write("new", to: scratch["link"])
    #expect(try scratch.text("real") == "new")
    var info = stat()
    #expect(lstat(scratch["link"], &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(scratch["real"], &info) == 0 && info.st_mode & 0o777 == 0o640)
  }

  @Test func `devices and pipes are written to as they are`() throws {
    try write("nothing", to: "/dev/null")
    #expect(mkfifo(scratch["pipe"], 0o600) == 0)
    let reader = open(scratch["pipe"], O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try write("through", to: scratch["pipe"])
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, 16) == 7)
    #expect(String(decoding: bytes[..<7], as: UTF8.self) == "through")
    #expect(try scratch.entries() == ["pipe"])
  }

  @Test func `a full disk is told from other failures`() throws {
    let error = try #require(modelFileError { try write("text", to: "/dev/full") })
    #expect(error.kind == .cannotWrite)
    #expect(error.description.contains("no space left to write /dev/full"))
    let sink = try TextSink(path: "/dev/full")
    #expect(modelFileError { try sink.write(String(repeating: "x", count: 1 << 20)) }?.kind == .cannotWrite)
  }

  @Test func `a reader that went away is told`() throws {
    signal(SIGPIPE, SIG_IGN)
    #expect(mkfifo(scratch["pipe"], 0o600) == 0)
    let reader = open(scratch["pipe"], O_RDONLY | O_NONBLOCK)
    let file = try AtomicFile(scratch["pipe"])
    close(reader)
    let error = modelFileError { try [UInt8](repeating: 1, count: 10).withUnsafeBytes { try file.write($0) } }
    #expect(error == .brokenPipe(path: scratch["pipe"]))
    #expect(error?.kind == .ioError)
  }

  @Test(arguments: ["file/out.csv", "missing/out.csv", "", "/", "/proc/out.csv"])
  func `a place where no file can be made is refused`(place: String) throws {
    try scratch.write("file", "a file")
    let path = place.isEmpty || place.hasPrefix("/") ? place : scratch[place]
    let error = try #require(modelFileError { _ = try TextSink(path: path) })
    #expect(error.kind == .cannotWrite)
    #expect(!error.description.contains(".partial"))
  }
}
