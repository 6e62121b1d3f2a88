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

@Suite struct LeftoverTests {
  let scratch: ScratchDirectory
  let directory: ModelDirectory
  /// Above the highest process id that Linux gives.
  let dead = 2_000_000_000

  init() throws {
    scratch = try ScratchDirectory()
    directory = ModelDirectory(scratch["model"])
  }

  @Test func `what killed runs left is removed, what living ones hold stays`() throws {
    try directory.save(try sampleModel())
    try scratch.makeDirectory(".model.gpuals-\(dead)-0.partial")
    try scratch.write(".model.gpuals-\(dead)-0.partial/users.txt", "1\n")
    try scratch.makeDirectory(".model.gpuals-\(getpid())-7.partial")
    try scratch.makeDirectory(".model.gpuals-1-0.partial")
    try scratch.makeDirectory(".other.gpuals-\(dead)-0.partial")
    try scratch.makeDirectory(".model.gpuals-\(dead)-x.partial")
    try scratch.makeDirectory(".model.gpuals-\(dead)-2.partial")
    let held = open(scratch[".model.gpuals-\(dead)-2.partial"], O_RDONLY)
    defer { close(held) }
    #expect(flock(held, LOCK_EX) == 0)
    directory.removeLeftovers()
    #expect(
      try scratch.entries() == [
        ".model.gpuals-1-0.partial", ".model.gpuals-\(dead)-2.partial", ".model.gpuals-\(dead)-x.partial",
        ".other.gpuals-\(dead)-0.partial", "model",
      ])
    #expect(directory.exists)
  }

  @Test func `files of others in a leftover are saved into the model`() throws {
    try directory.save(try sampleModel())
    try scratch.makeDirectory(".model.gpuals-\(dead)-0.partial")
    try scratch.write(".model.gpuals-\(dead)-0.partial/notes.txt", "mine")
    directory.removeLeftovers()
    #expect(try scratch.text("model/notes.txt") == "mine")
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `a whole leftover becomes the model where the model is missing`() throws {
    try directory.save(try sampleModel(seed: 3))
    rename(scratch["model"], scratch[".model.gpuals-\(dead)-0.partial"])
    directory.removeLeftovers()
    #expect(try directory.load().factors == sampleModel(seed: 3).factors)
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `nothing to remove is no error`() throws {
    directory.removeLeftovers()
    ModelDirectory(scratch["a/b/c"]).removeLeftovers()
    #expect(try scratch.entries() == [])
  }
}
