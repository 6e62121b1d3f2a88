#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ModelDirectory {
  /// Looks at the model and replaces it without another one doing the same in between, as far as the place knows locks: S3 knows none.
  package func whileLocked<Result>(_ body: () throws -> Result) throws -> Result {
    let descriptor = remote == nil ? open(FilePath.resolved(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1
    guard descriptor >= 0 else { return try body() }
    defer { close(descriptor) }
    // Who waited holds the lock of a directory that has been replaced, and sees that by what stands at its path now.
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
