#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection to a service on this machine: bytes out, answers in, and nothing done for the tester's comfort that a hostile
/// client would not do.
final class HTTPConnection {
  private let descriptor: Int32
  private var received: [UInt8] = []

  /// Connects.
  init(port: Int) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw RunningProgram.Failure(what: "cannot connect to port \(port)") }
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Sends text.
  ///
  /// - Returns: false if the other side takes no more.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends bytes.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { sendQuietly(descriptor, $0) }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// Says that no more is sent.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next answer; `nil` if the connection ends without one.
  ///
  /// - Parameter hasBody: false where the answer is to HEAD.
  func receive(hasBody: Bool = true) -> HTTPAnswer? {
    while true {
      if let answer = HTTPAnswer(taking: &received, hasBody: hasBody) { return answer }
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(descriptor, &block, block.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      received += block[..<count]
    }
  }

  /// Asks, and waits for the answer.
  func ask(_ method: String, _ target: String, headers: [String] = [], body: String? = nil) throws -> HTTPAnswer {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    guard let answer = receive(hasBody: method != "HEAD") else {
      throw RunningProgram.Failure(what: "no answer to \(method) \(target)")
    }
    return answer
  }
}

private func sendQuietly(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Darwin)
    send(descriptor, bytes.baseAddress, bytes.count, 0)
  #else
    send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
  #endif
}
