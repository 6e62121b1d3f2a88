#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that lie in the repository.
enum RepositoryFile {
  /// The bytes of one.
  static func read(_ path: String) throws -> [UInt8] {
    guard let stream = fopen(path, "r") else { throw RunningProgram.Failure(what: "cannot read \(path)") }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, stream), count > 0 { bytes += block[..<count] }
    return bytes
  }
}
