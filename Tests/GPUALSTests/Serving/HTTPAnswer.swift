/// What a service answers.
struct HTTPAnswer {
  var status: Int
  /// Names in small letters.
  var headers: [String: String] = [:]
  var body: String

  /// Takes an answer off the front of what has come, once all of it has.
  init?(taking bytes: inout [UInt8], hasBody: Bool = true) {
    let end = Array("\r\n\r\n".utf8)
    guard let headEnd = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { return nil }
    self.status = status
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
    }
    let start = headEnd + end.count
    let length = hasBody ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
    guard bytes.count >= start + length else { return nil }
    body = String(decoding: bytes[start..<start + length], as: UTF8.self)
    bytes.removeFirst(start + length)
  }

  /// The body, parsed.
  var json: JSONValue { get throws { try JSONValue(parsing: body) } }
}
