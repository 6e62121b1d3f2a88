#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of a test's own, removed with it.
final class Workspace: Sendable {
  /// Its path.
  let path: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/gpuals-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw RunningProgram.Failure(what: "no temporary directory") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes text to a file; directories on the way are made.
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Writes bytes to a file; directories on the way are made.
  func write(_ bytes: [UInt8], to name: String) throws {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/\(part)"
      mkdir(directory, 0o700)
    }
    guard let stream = fopen(file(name), "w") else { throw RunningProgram.Failure(what: "cannot write \(name)") }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
      throw RunningProgram.Failure(what: "cannot write \(name)")
    }
  }

  /// The bytes of a file.
  func readBytes(_ name: String) throws -> [UInt8] {
    guard let stream = fopen(file(name), "r") else { throw RunningProgram.Failure(what: "cannot read \(name)") }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, stream), count > 0 { bytes += block[..<count] }
    return bytes
  }

  /// The text of a file.
  func read(_ name: String) throws -> String { String(decoding: try readBytes(name), as: UTF8.self) }

  /// Whether something is there.
  func exists(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

  /// The names of what is in a directory of it, hidden ones too, in order.
  func entries(_ name: String = ".") -> [String] { Self.entries(of: file(name)).sorted() }

  /// Makes an empty directory.
  func makeDirectory(_ name: String, permissions: mode_t = 0o700) {
    mkdir(file(name), permissions)
  }

  /// Makes a file that may be executed.
  func makeProgram(_ name: String, _ text: String) throws {
    try write(text, to: name)
    chmod(file(name), 0o700)
  }

  /// Removes a file, or a directory with all that is in it.
  func remove(_ name: String) { Self.remove(file(name)) }

  /// Copies a directory of files.
  func copyDirectory(_ name: String, to copy: String) throws {
    for entry in entries(name) { try write(readBytes("\(name)/\(entry)"), to: "\(copy)/\(entry)") }
  }

  private static func entries(of directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    chmod(path, 0o700)
    for entry in entries(of: path) { remove("\(path)/\(entry)") }
    rmdir(path)
  }
}
