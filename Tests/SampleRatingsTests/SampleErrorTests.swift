import SampleRatings
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `what cannot be generated is refused` {
  @Test(arguments: [
    (0, 10, 10), (10, 0, 10), (-1, 10, 10), (10, -5, 10), (10, 10, 9), (10, 10, 51), (10, 10, 0), (10, 10, -1),
    (Int.max, 10, 10), (10, Int.max, 10), (10, 10, Int.max),
  ])
  func `shapes that do not fit`(users: Int, items: Int, ratings: Int) {
    #expect(throws: SampleError.self) { try SampleShape(users: users, items: items, ratings: ratings) }
  }

  @Test func `messages say what, where and how to mend it`() {
    let many = #expect(throws: SampleError.self) { try SampleShape(users: 10, items: 10, ratings: 51) }
    #expect(many?.description.contains("at most 50 ratings") == true)
    let few = #expect(throws: SampleError.self) { try SampleShape(users: 10, items: 10, ratings: 9) }
    #expect(few?.description.contains("at least 10 ratings") == true)
    let unknown = #expect(throws: SampleError.self) { try SampleShape.preset(named: "huge") }
    #expect(unknown?.description.contains("tiny, small, ml20m, yahoo-r1, netflix") == true)
    #expect(unknown?.isUsageError == true)
  }

  @Test func `every preset goes by its name and is a good shape`() throws {
    for preset in SamplePreset.allCases {
      let shape = try SampleShape.preset(named: preset.rawValue)
      #expect(try SampleShape(users: shape.users, items: shape.items, ratings: shape.ratings) == shape)
    }
  }

  @Test func `a directory under a file is an error that names it, and nothing is left behind`() throws {
    let directory = TemporaryDirectory()
    let file = directory.path + "/file"
    close(open(file, O_WRONLY | O_CREAT, 0o600))
    let error = #expect(throws: SampleError.self) {
      try SampleGenerator(shape: SamplePreset.tiny.shape).write(to: file + "/sample")
    }
    #expect(error?.description.contains(file) == true)
    #expect(error?.isUsageError == false)
    #expect(TemporaryDirectory.entries(of: directory.path) == ["file"])
  }

  @Test func `a directory where ratings.tsv should be is an error, and nothing is left behind`() throws {
    let directory = TemporaryDirectory()
    mkdir(directory.path + "/ratings.tsv", 0o700)
    let error = #expect(throws: SampleError.self) {
      try SampleGenerator(shape: SamplePreset.tiny.shape).write(to: directory.path)
    }
    #expect(error?.description.contains("ratings.tsv") == true)
    #expect(TemporaryDirectory.entries(of: directory.path) == ["ratings.tsv"])
  }

  @Test func `a directory that is not ours to write to is left alone`() throws {
    // /proc refuses everybody, the superuser too.
    let error = #expect(throws: SampleError.self) {
      try SampleGenerator(shape: SamplePreset.tiny.shape).write(to: "/proc/gpuals-sample")
    }
    #expect(error?.description.contains("/proc/gpuals-sample") == true)
  }

  @Test func `a sample replaces an older one, and a killed run's leftovers`() throws {
    let directory = TemporaryDirectory()
    for name in ["ratings.tsv", "artists.tsv", "ratings.tsv.partial"] {
      let descriptor = open(directory.path + "/" + name, O_WRONLY | O_CREAT, 0o600)
      #expect("rubbish".withCString { write(descriptor, $0, 7) } == 7)
      close(descriptor)
    }
    let summary = try SampleGenerator(shape: SamplePreset.tiny.shape).write(to: directory.path)
    #expect(TemporaryDirectory.entries(of: directory.path) == ["artists.tsv", "ratings.tsv"])
    #expect(TemporaryDirectory.bytes(of: summary.ratingsPath) == (try GeneratedSample.tiny.get().ratingsBytes))
  }

  @Test func `missing parents are made`() throws {
    let directory = TemporaryDirectory()
    let deep = directory.path + "/a/b/"
    _ = try SampleGenerator(shape: SampleShape(users: 5, items: 5, ratings: 5)).write(to: deep)
    #expect(TemporaryDirectory.entries(of: deep) == ["artists.tsv", "ratings.tsv"])
  }

  @Test func `two runs into one directory do not mix`() throws {
    let directory = TemporaryDirectory()
    let partial = directory.path + "/ratings.tsv.partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT, 0o600)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    #expect(throws: SampleError.busy(path: partial)) {
      try SampleGenerator(shape: SamplePreset.tiny.shape).write(to: directory.path)
    }
    close(descriptor)
  }
}
