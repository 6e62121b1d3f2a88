/// The path and the query of a request.
struct RequestTarget: Sendable {
  /// The path as it came.
  let path: String
  private let query: Substring?

  /// Takes the target of a request line apart.
  init(_ target: String) {
    var rest = target[...]
    // The absolute form, which proxies use.
    if !rest.hasPrefix("/"), let scheme = rest.range(of: "://") {
      rest = rest[scheme.upperBound...]
      rest = rest.firstIndex(where: { $0 == "/" || $0 == "?" }).map { rest[$0...] } ?? "/"
    }
    rest = rest.prefix { $0 != "#" }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first.map { String($0) } ?? ""
    query = parts.count == 2 ? parts[1] : nil
  }

  /// What stands between the slashes, decoded: a slash within an id is %2F.
  func segments() throws(RequestError) -> [String] {
    guard path.hasPrefix("/") else { throw .unknownRoute(path) }
    var segments: [String] = []
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      segments.append(try PercentEncoding.decode(part))
    }
    return segments
  }

  /// The query.
  func parameters() throws(RequestError) -> QueryParameters { try QueryParameters(query) }
}
