import RatingsIO
import Testing

@Suite struct StagedDirectoryTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func stage(_ text: String) throws -> StagedDirectory {
    let staged = try StagedDirectory(beside: scratch["model"])
    try staged.write("users.txt") { try $0.write(Array(text.utf8)) }
    return staged
  }

  @Test(arguments: [true, false])
  func `one directory takes the place of another, also where names cannot be exchanged`(exchanges: Bool) throws {
    try stage("first").publish(exchanges: exchanges)
    try scratch.write("model/notes.txt", "mine")
    try scratch.write("model/items.txt", "old")
    try stage("second").publish(exchanges: exchanges)
    #expect(try scratch.text("model/users.txt") == "second")
    #expect(try scratch.entries("model") == ["notes.txt", "users.txt"])
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `several at once have names of their own, and a dropped one leaves nothing`() throws {
    let first = try stage("first")
    do {
      let second = try stage("second")
      #expect(first.path != second.path)
      #expect(try scratch.entries().count == 2)
    }
    #expect(try scratch.entries().count == 1)
    try first.publish()
    #expect(try scratch.text("model/users.txt") == "first")
    #expect(try scratch.entries() == ["model"])
  }
}
