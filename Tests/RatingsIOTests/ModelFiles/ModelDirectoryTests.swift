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

@Suite struct ModelDirectoryTests {
  let scratch: ScratchDirectory
  let directory: ModelDirectory

  init() throws {
    scratch = try ScratchDirectory()
    directory = ModelDirectory(scratch["model"])
  }

  @Test func `a model comes back as it was saved`() throws {
    let model = try sampleModel(feedback: .implicit(alpha: 2))
    #expect(!directory.exists)
    try directory.save(model)
    #expect(directory.exists)
    let loaded = try directory.load()
    #expect(loaded.parameters == model.parameters)
    #expect(loaded.users == model.users)
    #expect(loaded.items == model.items)
    #expect(loaded.factors == model.factors)
    #expect(loaded.ratings == model.ratings)
    #expect(loaded.ratingCount == 7)
    #expect(loaded.ratingsFingerprint == model.ratingsFingerprint)
    #expect(loaded.device == model.device)
    #expect(loaded.itemNames == ["Älpha, \"Ω\"", nil, "two lines", "plain"])
    #expect(loaded.state.history[0] == model.state.history[0])
    #expect(loaded.state.history[1].trainRMSE == nil)
    #expect(try scratch.entries() == ["model"])
    let files = ["item_factors.npy", "item_names.txt", "items.txt", "model.json", "ratings.npz", "user_factors.npy"]
    #expect(try scratch.entries("model") == files + ["users.txt"])
    #expect(try scratch.text("model/users.txt") == "-5\n1\n7\n1000125\n9223372036854775807\n")
  }

  @Test(arguments: [false, true])
  func `what the next update stands on comes back, and goes with the model`(biases: Bool) throws {
    var model = try sampleModel()
    if biases {
      model.parameters = try ALSParameters(rank: 3, iterations: 2, biases: true)
      model.state.factors.biases = Biases(mean: 3.25, user: [1, -2, 0.5, 0, 9], item: [0.125, -1, 4, 0])
    }
    let updated = model.updated()
    try directory.save(updated)
    let loaded = try directory.load()
    #expect(loaded.updates == updated.updates && loaded.appliedFiles == updated.appliedFiles)
    let (found, wanted) = (try #require(loaded.baseline), try #require(updated.baseline))
    #expect(found.users == wanted.users && found.items == wanted.items)
    #expect((found.userCount, found.itemCount) == (4, 3) && found.ratings.columnIndices == wanted.ratings.columnIndices)
    // A NaN, which is no number, is not equal to itself.
    #expect(found.ratings.values.map(\.bitPattern) == wanted.ratings.values.map(\.bitPattern))
    #expect(try directory.load([.factors, .ids]).baseline == nil)
    try directory.save(model)
    #expect(try !scratch.entries("model").contains { ["baseline.npz", "applied_files.jsonl"].contains($0) })
  }

  @Test func `biases come back as they were saved, and a model that lacks them is refused`() throws {
    var model = try sampleModel()
    model.parameters = try ALSParameters(rank: 3, iterations: 2, biases: true)
    #expect(modelFileError { try directory.save(model) } != nil, "parameters with biases, factors without")
    model.state.factors.biases = Biases(mean: 3.25, user: [1, -2, 0.5, 0, 9], item: [0.125, -1, 4, 0])
    try directory.save(model)
    #expect(try directory.load().factors == model.factors)
    #expect(try directory.loadManifest().globalMean == 3.25)
    #expect(try scratch.entries("model").contains("user_biases.npy"))
    try scratch.remove("model/item_biases.npy")
    let error = try #require(modelFileError { _ = try directory.load() })
    #expect("\(error)".contains("item_biases.npy is missing"), "\(error)")
    model.state.factors.biases?.user[1] = .infinity
    #expect(modelFileError { try directory.save(model) } != nil)
  }

  @Test func `the manifest tells what the interface promises`() throws {
    try directory.save(try sampleModel())
    let manifest = try directory.loadManifest()
    #expect(manifest.format == "gpuals-model" && manifest.formatVersion == 1)
    #expect(manifest.users == 5 && manifest.items == 4 && manifest.ratings == 7 && manifest.rank == 3)
    #expect(manifest.peakDeviceBytes == 12)
    #expect(manifest.seconds == PhaseSeconds(read: 1, build: 2, train: 3, write: 0))
    #expect(manifest.parameters.seed == .max && manifest.parameters.alpha == nil)
    let text = try scratch.text("model/model.json")
    #expect(text.contains("\"ratings_fingerprint\" : \"") && text.hasSuffix("}\n"))
    let json = try TrainingSummary(manifest, model: "m/é").json()
    for key in ["\"train_rmse\" : 1.25", "\"test_rmse\" : 1.5", "\"peak_device_bytes\" : 12", "\"model\" : \"m/é\""] {
      #expect(json.contains(key))
    }
  }

  @Test func `the same model gives the same bytes`() throws {
    let other = ModelDirectory(scratch["other"])
    try directory.save(try sampleModel())
    try other.save(try sampleModel())
    for name in try scratch.entries("model") {
      #expect(try scratch.bytes("model/" + name) == scratch.bytes("other/" + name), "\(name)")
    }
  }

  @Test func `only the parts asked for are read`() throws {
    try directory.save(try sampleModel())
    for name in ["user_factors.npy", "ratings.npz", "item_names.txt"] { try scratch.write("model/" + name, "broken") }
    let ids = try directory.load(.ids)
    #expect(ids.users.count == 5 && ids.factors.user.rowCount == 0 && ids.ratings == nil && ids.itemNames == nil)
    #expect(throws: ModelFileError.self) { try directory.load(.factors) }
    #expect(throws: ModelFileError.self) { try directory.load([.ids, .names]) }
    #expect(throws: ModelFileError.self) { try directory.load(.ratings) }
  }

  @Test func `names and ratings may be left out`() throws {
    try directory.save(try sampleModel(names: nil), keepsRatings: false)
    let loaded = try directory.load()
    #expect(loaded.ratings == nil && loaded.itemNames == nil && loaded.ratingCount == 7)
    #expect(try scratch.entries("model").count == 5)
  }

  @Test func `a new model replaces the old one and keeps what is not part of it`() throws {
    try directory.save(try sampleModel(seed: 1))
    try scratch.write("model/notes.txt", "mine")
    try scratch.makeDirectory("model/sub/deeper")
    let second = try sampleModel(seed: 2, names: nil)
    try ModelDirectory(scratch["model"]).save(second, keepsRatings: false)
    #expect(try directory.load().factors == second.factors)
    #expect(try directory.load().ratings == nil)
    #expect(try scratch.text("model/notes.txt") == "mine")
    #expect(try scratch.entries("model/sub") == ["deeper"])
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `an empty directory is replaced and keeps its permissions`() throws {
    try scratch.makeDirectory("model")
    chmod(scratch["model"], 0o750)
    try directory.save(try sampleModel())
    var info = stat()
    stat(scratch["model"], &info)
    #expect(info.st_mode & 0o777 == 0o750)
    #expect(directory.exists)
  }

  @Test func `missing directories above it are made`() throws {
    let deep = ModelDirectory(scratch["a/b/model/"])
    try deep.checkWritable()
    #expect(try scratch.entries() == [])
    try deep.save(try sampleModel())
    #expect(deep.exists)
  }

  @Test func `a link is followed and stays a link`() throws {
    try scratch.makeDirectory("elsewhere")
    symlink("elsewhere/real", scratch["model"])
    try directory.checkWritable()
    try directory.save(try sampleModel(seed: 1))
    try directory.save(try sampleModel(seed: 2))
    #expect(try scratch.entries("elsewhere") == ["real"])
    #expect(try scratch.entries() == ["elsewhere", "model"])
    #expect(try directory.load().factors == sampleModel(seed: 2).factors)
  }

  @Test func `a directory that is no model is refused and left alone`() throws {
    try scratch.makeDirectory("model")
    try scratch.write("model/thesis.txt", "years of work")
    for attempt in [directory.checkWritable, { try directory.save(try sampleModel()) }] {
      let error = try #require(modelFileError(attempt))
      #expect(error.kind == .cannotWrite)
      #expect(error.description.contains("no gpuals model"))
    }
    // A model.json of something else does not make it one.
    try scratch.write("model/model.json", "{\"format\": \"other\", \"format_version\": 1}")
    #expect(modelFileError { try directory.save(try sampleModel()) }?.kind == .cannotWrite)
    #expect(try scratch.text("model/thesis.txt") == "years of work")
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `a file in the place is refused`() throws {
    try scratch.write("model", "a file")
    #expect(modelFileError { try directory.checkWritable() }?.kind == .cannotWrite)
    #expect(modelFileError { try directory.save(try sampleModel()) }?.kind == .cannotWrite)
    #expect(try scratch.text("model") == "a file")
  }

  @Test(arguments: ["file/model", "file/a/b", "", "/", "/proc/gpuals-model", "/proc/gpuals/model"])
  func `a place where nothing can be made is refused before and at saving`(place: String) throws {
    try scratch.write("file", "a file")
    let directory = ModelDirectory(place.hasPrefix("file") ? scratch[place] : place)
    #expect(modelFileError { try directory.checkWritable() }?.kind == .cannotWrite)
    #expect(modelFileError { try directory.save(try sampleModel()) }?.kind == .cannotWrite)
  }

  @Test func `a mount point is refused with a remedy`() throws {
    let error = try #require(modelFileError { try ModelDirectory("/sys/fs/cgroup").checkWritable() })
    #expect(error.kind == .cannotWrite)
  }

  @Test func `a model that could not be loaded again does not replace a good one`() throws {
    let good = try sampleModel()
    try directory.save(good)
    var cut = good
    cut.users = try IDIndex(["1"])
    var broken = good
    broken.state.factors.item = FactorMatrix(rank: 3, values: [Float](repeating: .nan, count: 12))
    var lines = good
    lines.items = try IDIndex(["a", "b\nc", "d", "e"])
    for bad in [cut, broken, lines] {
      #expect(modelFileError { try directory.save(bad) }?.kind == .badData)
      #expect(try directory.load().factors == good.factors)
    }
    #expect(try scratch.entries() == ["model"])
  }

  @Test func `checkpoints link what stays the same`() throws {
    var model = try sampleModel(seed: 1)
    try directory.save(model)
    let kept = ["users.txt", "items.txt", "item_names.txt", "ratings.npz"]
    let before = kept.map { scratch.inode("model/" + $0) }
    model.state.factors = try sampleModel(seed: 2).factors
    try directory.save(model)
    #expect(kept.map { scratch.inode("model/" + $0) } == before)
    #expect(try directory.load().factors == model.factors)
    // Other ratings, and other ids in equal number, are written.
    model.items = try IDIndex(["w", "x", "y", "z"])
    model.ratings = CSRMatrix(columnCount: 4, rowOffsets: [0, 1, 1, 1, 1, 1], columnIndices: [3], values: [9])
    model.ratingCount = 1
    model.ratingsFingerprint = model.ratings?.fingerprint ?? 0
    try directory.save(model)
    let loaded = try directory.load()
    #expect(loaded.items == model.items && loaded.ratings == model.ratings)
  }

  @Test func `another value, or a model that somebody else put there, is not linked from`() throws {
    let model = try sampleModel()
    try directory.save(model)
    try ModelDirectory(scratch["model"]).save(try sampleModel(names: ["other", nil, nil, nil]))
    let strange = scratch.inode("model/users.txt")
    try directory.save(model)
    #expect(scratch.inode("model/users.txt") != strange)
    #expect(try directory.load().itemNames?[0] == "Älpha, \"Ω\"")
  }

  @Test func `a file that cannot be linked is written`() throws {
    let model = try sampleModel()
    try directory.save(model)
    unlink(scratch["model/ratings.npz"])
    try directory.save(model)
    #expect(try directory.load().ratings == model.ratings)
  }

  @Test func `a reader sees whole models while they are being replaced`() async throws {
    let memory = try ScratchDirectory(inMemory: true)
    let directory = ModelDirectory(memory["model"])
    let models = try [sampleModel(seed: 1), sampleModel(seed: 2)]
    try directory.save(models[0])
    let path = directory.path
    let writer = Task.detached {
      for round in 0..<40 { try ModelDirectory(path).save(models[round % 2]) }
    }
    for _ in 0..<200 {
      let loaded = try ModelDirectory(path).load()
      #expect(models.contains { $0.factors == loaded.factors })
      #expect(loaded.ratings != nil && loaded.itemNames != nil)
    }
    try await writer.value
    #expect(try memory.entries() == ["model"])
  }
}
