#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of this process, by the system's count.
enum ResidentMemory {
  /// What is resident now; `nil` where the system does not tell.
  static var bytes: Int? {
    guard let stream = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(stream) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), stream) != nil else { return nil }
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
