#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What whoever asks has to know.
struct AccessToken: Sendable {
  private let bytes: [UInt8]

  /// Reads the token of a file; white space around it does not belong to it.
  init(file path: String) throws(ServeError) {
    guard let stream = fopen(path, "r") else { throw .cannotReadToken(path: path, code: errno) }
    defer { fclose(stream) }
    var text = [UInt8](repeating: 0, count: 4096)
    let count = fread(&text, 1, text.count, stream)
    if ferror(stream) != 0 { throw .cannotReadToken(path: path, code: errno) }
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let token = text[..<count].drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    guard !token.isEmpty, count < text.count, token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .emptyToken(path: path)
    }
    bytes = Array(token)
  }

  /// Whether a header's value is "Bearer" and this token, in a time that does not tell how much of it is right.
  func allows(_ header: String) -> Bool {
    let parts = header.utf8.split(separator: 0x20, maxSplits: 1)
    guard parts.count == 2, String(parts[0])?.lowercased() == "bearer" else { return false }
    let given = Array(parts[1])
    var difference = given.count == bytes.count ? 0 : 1
    for place in bytes.indices { difference |= Int(bytes[place] ^ (place < given.count ? given[place] : 0)) }
    return difference == 0
  }
}
