#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mounted file systems of this process: their roots cannot be renamed.
enum MountTable {
  /// Whether a file system is mounted at a path without links. False where the system does not tell.
  static func contains(_ path: String) -> Bool {
    guard let stream = fopen("/proc/self/mountinfo", "re") else { return false }
    defer { fclose(stream) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, stream) > 0, let text = line {
      let fields = String(cString: text).split(separator: " ", maxSplits: 5)
      if fields.count > 4, unescaped(fields[4]) == path { return true }
    }
    return false
  }

  /// Spaces and the like are written as a backslash and three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    guard field.contains("\\") else { return String(field) }
    let bytes = Array(field.utf8)
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\\"), position + 3 < bytes.count,
        let code = UInt8(String(decoding: bytes[position + 1...position + 3], as: UTF8.self), radix: 8)
      {
        output.append(code)
        position += 4
      } else {
        output.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
