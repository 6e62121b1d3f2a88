import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory of this process for what is on its way, removed with the last who holds it.
package final class TemporaryDirectory: Sendable {
  /// Its path.
  package let path: String

  /// Where such directories are made: `TMPDIR`, else `/tmp`.
  static var parent: String {
    guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
    return String(cString: value)
  }

  /// Makes one.
  package init() throws(RatingsIOError) {
    var template = Array("\(Self.parent)/gpuals-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .unreadable(file: Self.parent, status: errno) }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { Self.remove(path) }

  private static let counter = Atomic<Int>(0)

  /// The path of a file that is not there yet.
  static func newPath() -> String {
    "\(parent)/gpuals-\(getpid())-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
  }

  /// Removes a directory and all in it, without following links.
  private static func remove(_ path: String) {
    for name in FilePath.entries(of: path) ?? [] {
      let child = FilePath.join(path, name)
      if FilePath.status(child, followsLinks: false)?.isDirectory == true { remove(child) } else { unlink(child) }
    }
    rmdir(path)
  }
}
