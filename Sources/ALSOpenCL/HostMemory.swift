#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of this machine.
enum HostMemory {
  /// What this process could still take without swapping or being killed, in bytes: the least of what the kernel and a
  /// container's limit (cgroup v2) leave. `nil` where neither is told.
  static var availableBytes: UInt64? {
    let machine = field("MemAvailable:", of: "/proc/meminfo").map { $0 << 10 }
    return [machine, containerBytes].compactMap { $0 }.min()
  }

  /// A container's limit less its use. Cached files count as free: the kernel drops them first.
  private static var containerBytes: UInt64? {
    guard let limit = number("/sys/fs/cgroup/memory.max"), let use = number("/sys/fs/cgroup/memory.current") else {
      return nil
    }
    let cached = field("file", of: "/sys/fs/cgroup/memory.stat") ?? 0
    let taken = use > cached ? use - cached : 0
    return limit > taken ? limit - taken : 0
  }

  private static func number(_ path: String) -> UInt64? {
    lines(of: path).first.flatMap { UInt64($0) }
  }

  private static func field(_ name: String, of path: String) -> UInt64? {
    for line in lines(of: path) {
      let words = line.split(separator: " ")
      if words.count >= 2, words[0] == name { return UInt64(words[1]) }
    }
    return nil
  }

  private static func lines(of path: String) -> [Substring] {
    guard let stream = fopen(path, "r") else { return [] }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, stream)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
  }
}
