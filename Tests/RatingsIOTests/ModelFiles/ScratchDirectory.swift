import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A new directory that goes away with the value.
final class ScratchDirectory: Sendable {
  let path: String

  /// - Parameter inMemory: whether it may lie in memory, for tests that write thousands of files.
  init(inMemory: Bool = false) throws {
    let memory = "/dev/shm"
    let parent =
      inMemory && access(memory, W_OK) == 0 ? memory : FileManager.default.temporaryDirectory.path
    path = parent + "/gpuals-test-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { path + "/" + name }

  /// Names in it, or in a directory below it, hidden ones included.
  func entries(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[name]).sorted()
  }

  func write(_ name: String, _ text: String) throws {
    try write(name, Array(text.utf8))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    // A new file: ext4 flushes one that is truncated and written again, and the tests write thousands.
    unlink(self[name])
    let file = open(self[name], O_WRONLY | O_CREAT | O_EXCL, 0o644)
    guard file >= 0 else { throw Failure() }
    defer { close(file) }
    guard bytes.isEmpty || bytes.withUnsafeBytes({ pwrite(file, $0.baseAddress, $0.count, 0) }) == bytes.count else {
      throw Failure()
    }
  }

  func bytes(_ name: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: self[name]) else { throw Failure() }
    return [UInt8](data)
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self[name]) }

  func inode(_ name: String) -> UInt64? {
    var info = stat()
    guard stat(self[name], &info) == 0 else { return nil }
    return UInt64(info.st_ino)
  }

  struct Failure: Error {}
}
