#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of this process, by the system's count.
package enum ProcessMemory {
  /// The most that was resident at any time, in bytes; `nil` where the system does not tell.
  package static var peakBytes: Int? {
    #if os(Linux)
      // What getrusage says would include the program that started this one.
      status("VmHWM:")
    #else
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : nil
    #endif
  }

  /// What is resident now, in bytes; `nil` where the system does not tell.
  package static var residentBytes: Int? {
    #if os(Linux)
      status("VmRSS:")
    #else
      nil
    #endif
  }

  #if os(Linux)
    /// A number of kB in /proc/self/status.
    private static func status(_ field: String) -> Int? {
      guard let stream = fopen("/proc/self/status", "r") else { return nil }
      defer { fclose(stream) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), stream) != nil {
        let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guard text.hasPrefix(field) else { continue }
        return Int(text.filter(\.isNumber)).map { $0 * 1024 }
      }
      return nil
    }
  #endif
}
