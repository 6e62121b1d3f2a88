import OpenCL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Binaries of programs on disk, so that a second start need not compile: one file for each, named by a hash of its key.
///
/// A file holds its whole key, its lengths and a checksum, and appears whole by a rename: what is truncated, damaged or another
/// program's is not taken and gets replaced. Where nothing can be written, nothing is kept, and nobody is told but by
/// `gpuals doctor`.
package struct ProgramStore: Sendable {
  /// Where the files are.
  package let directory: String
  /// Size of all files that ``keep(_:for:)`` leaves, at most: the least recently used are removed first.
  package let capacity: Int

  /// "gpuals" and the version of this layout.
  private static let magic: [UInt8] = Array("gpualsP1".utf8)
  /// The magic, the checksum, the length of the key and that of the binary.
  private static let headerBytes = 32

  /// A store in a directory, which need not exist yet.
  package init(directory: String, capacity: Int = 256 << 20) {
    self.directory = directory
    self.capacity = capacity
  }

  /// The directory of this user: `programs` in `$GPUALS_CACHE_DIR`, else in `$XDG_CACHE_HOME/gpuals`, else in
  /// `~/.cache/gpuals`; `nil` where no variable names one.
  package static var standardDirectory: String? {
    func set(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
    let base =
      set("GPUALS_CACHE_DIR") ?? set("XDG_CACHE_HOME").map { "\($0)/gpuals" }
      ?? set("HOME").map { "\($0)/.cache/gpuals" }
    return base.map { "\($0)/programs" }
  }

  /// The store for a device; `nil` where keeping binaries is of no use.
  ///
  /// pocl keeps what it compiles itself, and compiles at the first launch, for the work-group size at hand: a binary costs
  /// another compilation of every kernel (0.96 s for that of the CPU half-step at rank 64) and saves 0.04 s of each later start.
  package static func standard(for device: Device) -> ProgramStore? {
    if device.platform.isPocl { return nil }
    return standardDirectory.map { ProgramStore(directory: $0) }
  }

  /// What a binary depends on: device, driver, compiler options and the whole source.
  package static func key(device: Device, source: String, options: String) -> [UInt8] {
    let facts = [
      device.platform.name, device.platform.vendor, device.platform.version, device.vendor, device.name, device.version,
      device.driverVersion, options, source,
    ]
    return Array(facts.joined(separator: "\0").utf8)
  }

  /// The file of a key.
  package func path(for key: [UInt8]) -> String {
    let digits = String(Self.hash(key), radix: 16)
    return "\(directory)/" + String(repeating: "0", count: 16 - digits.count) + digits + ".bin"
  }

  /// The binary that was kept for a key, if it is there and whole.
  package func binary(for key: [UInt8]) -> [UInt8]? {
    let path = path(for: key)
    guard let bytes = Self.content(of: path), bytes.count >= Self.headerBytes + key.count,
      bytes.starts(with: Self.magic),
      Self.word(bytes, at: 16) == UInt64(key.count),
      Self.word(bytes, at: 24) == UInt64(bytes.count - Self.headerBytes - key.count),
      Self.word(bytes, at: 8) == Self.hash(bytes[16...]),
      bytes[Self.headerBytes...].starts(with: key)
    else { return nil }
    // The time of the last use decides what goes first.
    utimes(path, nil)
    return Array(bytes[(Self.headerBytes + key.count)...])
  }

  /// Keeps a binary, and removes the least recently used ones where they have become too many. Does nothing where it cannot.
  package func keep(_ binary: [UInt8], for key: [UInt8]) {
    guard Self.makeDirectories(directory) else { return }
    var bytes = Self.magic
    bytes.reserveCapacity(Self.headerBytes + key.count + binary.count)
    Self.append(0, to: &bytes)
    Self.append(UInt64(key.count), to: &bytes)
    Self.append(UInt64(binary.count), to: &bytes)
    bytes += key
    bytes += binary
    let checksum = Self.hash(bytes[16...])
    for index in 0..<8 { bytes[8 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt64(index))) }

    let path = path(for: key)
    // Two processes may write the same file at the same time: each writes its own, and the last rename stays.
    let partial = "\(path).\(getpid()).partial"
    guard Self.write(bytes, to: partial), rename(partial, path) == 0 else {
      unlink(partial)
      return
    }
    removeLeastRecentlyUsed()
  }

  /// Removes files until ``capacity`` is kept. What a killed process left half written goes the same way.
  private func removeLeastRecentlyUsed() {
    guard let stream = opendir(directory) else { return }
    defer { closedir(stream) }
    var files: [(path: String, bytes: Int, used: Int)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let path = "\(directory)/\(name)"
      var status = stat()
      guard name.hasSuffix(".bin") || name.hasSuffix(".partial"), lstat(path, &status) == 0 else { continue }
      #if canImport(Darwin)
        let used = status.st_mtimespec.tv_sec
      #else
        let used = status.st_mtim.tv_sec
      #endif
      files.append((path, Int(status.st_size), Int(used)))
    }
    var total = files.reduce(0) { $0 + $1.bytes }
    for file in files.sorted(by: { ($0.used, $0.path) < ($1.used, $1.path) }) where total > capacity {
      if unlink(file.path) == 0 { total -= file.bytes }
    }
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))) }
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }

  /// Makes a directory and those above it, for this user alone.
  private static func makeDirectories(_ path: String) -> Bool {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
    return makeDirectories(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
  }

  private static func content(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    guard fseek(file, 0, SEEK_END) == 0 else { return nil }
    let size = ftell(file)
    // No program is as large as that: it is none.
    guard size >= 0, size <= 1 << 30 else { return nil }
    rewind(file)
    var bytes = [UInt8](repeating: 0, count: size)
    return fread(&bytes, 1, size, file) == size ? bytes : nil
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "wb") else { return false }
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }
}
