#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's error numbers in words.
enum SystemStatus {
  static func text(_ status: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(status, &buffer, buffer.count) == 0 else { return "error \(status)" }
    return buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}
