import ALS
import RatingsIO
import Testing

@Suite struct DamagedModelTests {
  static let files = [
    "model.json", "user_factors.npy", "item_factors.npy", "users.txt", "items.txt", "item_names.txt", "ratings.npz",
    "baseline.npz", "applied_files.jsonl",
  ]
  let scratch: ScratchDirectory
  let directory: ModelDirectory

  init() throws {
    scratch = try ScratchDirectory(inMemory: true)
    directory = ModelDirectory(scratch["model"])
    try directory.save(try sampleModel().updated())
  }

  private func loadError() -> ModelFileError? { modelFileError { _ = try directory.load() } }

  @Test(arguments: files)
  func `a file cut anywhere is an error that names it`(name: String) throws {
    let whole = try scratch.bytes("model/" + name)
    for length in 0..<whole.count {
      try scratch.write("model/" + name, Array(whole[..<length]))
      // The last newline of the manifest says nothing.
      if name == "model.json" && length == whole.count - 1 { continue }
      let error = try #require(loadError(), "\(length) bytes of \(name)")
      #expect(error.kind == .badData)
      #expect(error.description.contains(name))
    }
  }

  @Test(arguments: files)
  func `wrong bytes are an error or a valid model`(name: String) throws {
    let whole = try scratch.bytes("model/" + name)
    let random = Philox(seed: 11)
    for round in 0..<1500 {
      var bytes = whole
      let words = random.block(UInt64(round), stream: 0)
      bytes[Int(words[0]) % bytes.count] ^= UInt8(1 + words[1] % 255)
      if words[2] % 2 == 0 { bytes[Int(words[3]) % bytes.count] = UInt8(words[2] >> 8 & 0xFF) }
      try scratch.write("model/" + name, bytes)
      do {
        let model = try directory.load()
        #expect(model.users.count == 5 && model.items.count == 4 && model.ratings?.isValid == true)
      } catch {
        #expect(error is ModelFileError, "\(error)")
      }
    }
  }

  @Test(arguments: ["user_factors.npy", "item_factors.npy", "users.txt", "items.txt"])
  func `a missing file is an error that names it`(name: String) throws {
    try scratch.remove("model/" + name)
    let error = try #require(loadError())
    #expect(error.kind == .badData)
    #expect(error.description.contains(name) && error.description.contains("missing"))
  }

  @Test(arguments: files)
  func `a directory in the place of a file is an error`(name: String) throws {
    try scratch.remove("model/" + name)
    try scratch.makeDirectory("model/" + name)
    #expect(loadError()?.description.contains(name) == true)
  }

  @Test func `where there is no model, that is said`() throws {
    for path in [scratch["nowhere"], scratch["model/users.txt"], scratch["empty"]] {
      try scratch.makeDirectory("empty")
      let error = try #require(modelFileError { _ = try ModelDirectory(path).loadManifest() })
      #expect(error.kind == .noInput)
      #expect(error.description.hasPrefix("\(path) is not a gpuals model: "))
    }
  }

  @Test func `a model of a newer gpuals says what to do, even if its record has other fields`() throws {
    try scratch.write("model/model.json", "{\"format\": \"gpuals-model\", \"format_version\": 2}")
    let error = try #require(loadError())
    #expect(error.kind == .badData)
    #expect(error.description.contains("newer gpuals") && error.description.contains("update"))
    #expect(directory.exists)
  }

  @Test(arguments: [
    ("\"rank\" : 3", "\"rank\" : 0"), ("\"regularization\" : 0.25", "\"regularization\" : -1"),
    ("\"users\" : 5", "\"users\" : -5"), ("\"users\" : 5", "\"users\" : 99999999999"),
    ("\"users\" : 5", "\"users\" : 6"),
    ("\"ratings\" : 7", "\"ratings\" : 8"), ("\"explicit\"", "\"telepathic\""),
    ("\"ratings\" : 7", "\"ratings\" : \"7\""),
    ("\"seed\" : 18446744073709551615", "\"seed\" : 18446744073709551616"), ("\"gpuals_version\"", "\"version\""),
    ("\"ratings_fingerprint\" : \"", "\"ratings_fingerprint\" : \"xyz"),
    ("\"ratings_fingerprint\" : \"", "\"ratings_fingerprint\" : \"1"),
    ("\"items\" : 4", "\"items\" : 4000000000000000000000"),
  ])
  func `a record that does not hold is an error`(change: (from: String, to: String)) throws {
    let text = try scratch.text("model/model.json")
    #expect(text.contains(change.from))
    let parts = text.split(separator: change.from, omittingEmptySubsequences: false)
    try scratch.write("model/model.json", parts.joined(separator: change.to))
    #expect(loadError()?.kind == .badData)
  }

  @Test func `ids that come twice, are too few, too many or empty are errors`() throws {
    for (text, reason) in [
      ("1\n2\n3\n4\n1\n", "two rows"), ("1\n2\n", "holds 2 ids"), ("1\n2\n3\n4\n5\n6\n", "holds 6 ids"),
      ("", "holds 0 ids"),
      ("1\n\n3\n4\n5\n", "line 2 is empty"), ("1\n2\n3\n4\n5", "cut short"),
    ] {
      try scratch.write("model/users.txt", text)
      let error = try #require(loadError())
      #expect(error.kind == .badData)
      #expect(error.description.contains("users.txt") && error.description.contains(reason), "\(error)")
    }
  }

  @Test func `factors that are not finite, of another shape or type are errors`() throws {
    let good = try scratch.bytes("model/item_factors.npy")
    #expect(good.count == 128 + 4 * 3 * 4)
    var infinite = good
    infinite.replaceSubrange(128 + 20..<128 + 24, with: [0, 0, 0x80, 0x7F])
    func header(_ from: String, _ to: String) -> [UInt8] {
      let text = String(decoding: good[10..<128], as: UTF8.self)
      return good[..<10] + Array(text.split(separator: from).joined(separator: to).utf8) + good[128...]
    }
    for (bytes, reason) in [
      (infinite, "row 1 holds an infinity"), (header("(4, 3)", "(3, 4)"), "3 × 4"),
      (header("(4, 3)", "(12,) "), "12, but"),
      (header("<f4", ">f4"), ">f4"), (header("<f4", "<i4"), "<i4"), (header("False", "True "), "Fortran"),
      (good + [0], "bytes long"),
    ] {
      try scratch.write("model/item_factors.npy", bytes)
      let error = try #require(loadError())
      #expect(error.kind == .badData)
      #expect(error.description.contains("item_factors.npy") && error.description.contains(reason), "\(error)")
    }
  }
}
