import Hummingbird

/// Reads bodies, but not without end.
struct RequestBodyReader: Sendable {
  let limits: RequestLimits

  private enum Outcome: Sendable {
    case whole([UInt8])
    case tooLarge(isRead: Bool)
    case tooSlow
  }

  /// The body of a request.
  func read(_ request: Request) async throws(RequestError) -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > limits.bodyBytes + limits.discardedBytes
    {
      throw .bodyTooLarge(limit: limits.bodyBytes, isRead: false)
    }
    switch await outcome(of: request.body) {
    case .whole(let bytes): return bytes
    case .tooLarge(let isRead): throw .bodyTooLarge(limit: limits.bodyBytes, isRead: isRead)
    case .tooSlow: throw .bodyTooSlow(seconds: limits.seconds)
    case nil: throw .brokenBody
    }
  }

  /// What comes first: the end of the body or that of patience. `nil` where the body breaks off.
  private func outcome(of body: RequestBody) async -> Outcome? {
    await withTaskGroup(of: Outcome?.self) { group in
      group.addTask { try? await collected(body) }
      group.addTask { (try? await Task.sleep(for: .seconds(limits.seconds))) == nil ? nil : .tooSlow }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  private func collected(_ body: RequestBody) async throws -> Outcome {
    var bytes: [UInt8] = []
    var count = 0
    for try await buffer in body {
      count += buffer.readableBytes
      if count <= limits.bodyBytes {
        bytes.append(contentsOf: buffer.readableBytesView)
      } else {
        bytes = []
        if count > limits.bodyBytes + limits.discardedBytes { return .tooLarge(isRead: false) }
      }
    }
    return count <= limits.bodyBytes ? .whole(bytes) : .tooLarge(isRead: true)
  }
}
