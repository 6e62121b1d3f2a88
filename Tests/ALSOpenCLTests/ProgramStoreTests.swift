import ALS
import ALSOpenCL
import ALSTestSupport
import OpenCL
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct ProgramStoreTests {
  /// A directory that does not exist yet, in one that goes away with this object.
  private final class Scratch {
    let root: String
    init() throws {
      var template = Array("/tmp/gpuals-store-XXXXXX\0".utf8CString.dropLast())
      let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } }
      root = try #require(made)
    }
    var directory: String { "\(root)/cache/programs" }
    func files() -> [String] {
      guard let stream = opendir(directory) else { return [] }
      defer { closedir(stream) }
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
      }
      return names.sorted()
    }
    deinit {
      for name in files() { unlink("\(directory)/\(name)") }
      for path in [directory, "\(root)/cache", root] { rmdir(path) }
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  private static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  private let key = Array("device, driver, options, source".utf8)
  private let binary = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }

  @Test func `what was kept is found again, under its own key only`() throws {
    let scratch = try Scratch()
    let store = ProgramStore(directory: scratch.directory)
    #expect(store.binary(for: key) == nil)
    store.keep(binary, for: key)
    #expect(store.binary(for: key) == binary)
    #expect(store.binary(for: key + [0]) == nil)
    #expect(scratch.files().count == 1, "nothing half written stays")
    store.keep([1, 2, 3], for: key)
    #expect(store.binary(for: key) == [1, 2, 3])
  }

  @Test func `a truncated, damaged or foreign file is not taken, and is replaced`() throws {
    let scratch = try Scratch()
    let store = ProgramStore(directory: scratch.directory)
    store.keep(binary, for: key)
    let path = store.path(for: key)
    let whole = try Self.read(path)
    for length in [0, 1, 8, 31, 32, 40, whole.count - 1] {
      try Self.write(Array(whole[..<length]), to: path)
      #expect(store.binary(for: key) == nil, "cut to \(length) bytes")
    }
    for position in [0, 8, 16, 23, 24, 31, 32, 70, whole.count - 1] {
      var damaged = whole
      damaged[position] ^= 0x40
      try Self.write(damaged, to: path)
      #expect(store.binary(for: key) == nil, "bit flipped at \(position)")
    }
    try Self.write(whole + [0], to: path)
    #expect(store.binary(for: key) == nil, "a byte too many")
    // Another key's file under this key's name, as where hashes collide.
    store.keep(binary, for: key + [1])
    try Self.write(try Self.read(store.path(for: key + [1])), to: path)
    #expect(store.binary(for: key) == nil)
    store.keep(binary, for: key)
    #expect(store.binary(for: key) == binary)
  }

  @Test func `the least recently used files go when there are too many`() throws {
    let scratch = try Scratch()
    let store = ProgramStore(directory: scratch.directory, capacity: 3500)
    let keys = (0..<4).map { key + [UInt8($0)] }
    for (age, key) in keys[..<3].enumerated() {
      store.keep(binary, for: key)
      var times = [timeval](repeating: timeval(tv_sec: 1000 + age, tv_usec: 0), count: 2)
      utimes(store.path(for: key), &times)
    }
    // The oldest is used once more.
    #expect(store.binary(for: keys[0]) == binary)
    store.keep(binary, for: keys[3])
    #expect(keys.map { store.binary(for: $0) != nil } == [true, false, true, true])
  }

  @Test func `a directory that cannot be made is no error`() {
    let store = ProgramStore(directory: "/dev/null/programs")
    store.keep(binary, for: key)
    #expect(store.binary(for: key) == nil)
  }

  @Test(.enabled(if: TestDevice.device != nil, TestDevice.absence))
  func `a program loaded from its binary computes the same`() throws {
    let device = try TestDevice.found.get()
    let context = try Context(device: device)
    let queue = try CommandQueue(context)
    let source = "__kernel void answer(__global int *out) { out[0] = ANSWER; }"
    let out = try Buffer<Int32>(context, count: 1, what: "out")
    let compiled = try Program(context, source: source, options: "-D ANSWER=42").binary()
    let scratch = try Scratch()
    let store = ProgramStore(directory: scratch.directory)
    let key = ProgramStore.key(device: device, source: source, options: "-D ANSWER=42")
    store.keep(compiled, for: key)
    let loaded = try Program(context, binary: #require(store.binary(for: key)), options: "-D ANSWER=42")
    try Kernel<Buffer<Int32>>(loaded, "answer").enqueue(on: queue, groups: 1, groupSize: 1, out)
    #expect(try queue.read(out) == [42])
    #expect(throws: OpenCLError.self) {
      try Program(context, binary: Array("no program".utf8), options: "-D ANSWER=42")
    }
  }

  @Test(.enabled(if: TestDevice.device != nil, TestDevice.absence))
  func `a backend takes its programs from the disk and replaces those that the driver refuses`() throws {
    let scratch = try Scratch()
    let device = try TestDevice.found.get()
    let store = ProgramStore(directory: scratch.directory)
    let parameters = try ALSParameters(rank: 3, iterations: 1)
    let data = try TrainingData(ratings: .random(rows: 20, columns: 10, density: 0.5))
    func factors() throws -> Factors {
      let backend = try OpenCLBackend(device: device, kernelFamily: nil, extraBuildOptions: "", store: store)
      try backend.prepare(parameters)
      return try Trainer(backend: backend, parameters: parameters).train(data).state.factors
    }
    let first = try factors()
    let files = scratch.files()
    #expect(!files.isEmpty)
    #expect(try factors() == first)
    #expect(scratch.files() == files)
    for name in files { try Self.write(Array("no program".utf8), to: "\(scratch.directory)/\(name)") }
    #expect(try factors() == first)
    for name in files { #expect(try Self.read("\(scratch.directory)/\(name)").count > 100) }
  }
}
