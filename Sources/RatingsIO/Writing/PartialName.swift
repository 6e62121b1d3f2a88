#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of what is being written beside its final place: `.NAME.gpuals-PID-COUNTER.partial`.
enum PartialName {
  private static let suffix = ".partial"

  private static func prefix(of name: String) -> String { ".\(name).gpuals-" }

  /// A name for this process.
  static func make(for name: String, counter: Int) -> String {
    "\(prefix(of: name))\(getpid())-\(counter)\(suffix)"
  }

  /// The process that made a name for `name`; `nil` where it is no such name.
  static func processID(in candidate: String, for name: String) -> Int32? {
    let prefix = prefix(of: name)
    guard candidate.hasPrefix(prefix), candidate.hasSuffix(suffix),
      candidate.utf8.count > prefix.utf8.count + suffix.utf8.count
    else { return nil }
    let numbers = candidate.dropFirst(prefix.count).dropLast(suffix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let process = Int32(numbers[0]), process > 0, Int(numbers[1]) != nil else { return nil }
    return process
  }

  /// Calls `create` with paths beside `path` until one does not exist yet, and returns it. A process id may come back in
  /// a container, and several savers may be at work in a process: hence the counter.
  ///
  /// - Parameter create: throws ``ModelFileError/cannotCreate(path:errno:)`` with `EEXIST` where the path is taken.
  static func firstFree<Result>(beside path: String, _ create: (String) throws -> Result) throws -> (String, Result) {
    let parent = FilePath.parent(of: path)
    let name = FilePath.name(of: path)
    for counter in 0... {
      let candidate = FilePath.join(parent, make(for: name, counter: counter))
      do {
        return (candidate, try create(candidate))
      } catch ModelFileError.cannotCreate(_, EEXIST) where counter < 10_000 {
        continue
      } catch ModelFileError.cannotCreate(_, let code) {
        // The name that the user gave says more than ours.
        throw ModelFileError.cannotCreate(path: path, errno: code)
      }
    }
    throw ModelFileError.cannotCreate(path: path, errno: EEXIST)
  }
}
