/// A request that no honest client would send, and what it is to be told.
struct HostileRequest {
  var name: String
  var bytes: [UInt8]
  /// The statuses that are right.
  var statuses: Set<Int>

  private init(_ name: String, _ bytes: [UInt8], _ statuses: Set<Int>) {
    self.name = name
    self.bytes = bytes
    self.statuses = statuses
  }

  private static func get(_ target: String, _ status: Int, method: String = "GET", headers: String = "") -> Self {
    Self(
      "\(method) \(target.prefix(60))", Array("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n".utf8),
      [status])
  }

  private static func post(_ body: String, _ status: Int, to target: String = "/v1/recommendations") -> Self {
    post(Array(body.utf8), status, to: target)
  }

  private static func post(_ body: [UInt8], _ status: Int, to target: String = "/v1/recommendations") -> Self {
    Self(
      "POST \(target) \(String(decoding: body.prefix(60), as: UTF8.self))",
      Array("POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body, [status])
  }

  private static func raw(_ text: String, _ statuses: Set<Int> = [400]) -> Self {
    Self(String(text.prefix(60)), Array(text.utf8), statuses)
  }

  /// All of them. Bodies may have 10,000 bytes, and arrive within a second.
  static let all: [HostileRequest] = targets + bodies + messages

  private static let targets: [HostileRequest] = [
    get("/../../../../etc/passwd", 404),
    get("/v1/../../etc/passwd", 404),
    get("/v1/users/..%2F..%2F..%2Fetc%2Fpasswd/recommendations", 404),
    get("/v1/users/%2e%2e/recommendations", 404),
    get("/%2e%2e/%2e%2e/etc/passwd", 404),
    get("//etc/passwd", 404),
    get("/v1//recommendations", 404),
    get("/v1/users//recommendations", 404),
    get("/v1/users/1/recommendations/", 404),
    get("/v1/users/1", 404),
    get("/V1/users/1/recommendations", 404),
    get("/?q=1", 400),
    get("/", 405, method: "DELETE"),
    get("/page", 404),
    get("/page/", 404),
    get("/page/index.html", 404),
    get("/page/..%2Fopenapi.json", 404),
    get("/page/style.css%00", 404),
    get("/page/style.css?v=2", 400),
    get("/favicon.ico", 404),
    get("/v1/users/nobody/recommendations", 404),
    get("/v1/users/1%00/recommendations", 404),
    get("/v1/users/99999999999999999999999999/recommendations", 404),
    get("/v1/users/-9223372036854775808/recommendations", 404),
    get("/v1/users/\(String(repeating: "a", count: 5000))/recommendations", 404),
    get("/v1/users/%/recommendations", 400),
    get("/v1/users/%4/recommendations", 400),
    get("/v1/users/%zz/recommendations", 400),
    get("/v1/users/%ff%fe/recommendations", 400),
    get("/v1/users/%C0%AF/recommendations", 400),
    get("/v1/users/%ED%A0%80/recommendations", 400),
    get("/v1/items?query=%E0%80", 400),
    get("/v1/users/1/recommendations?n=0", 422),
    get("/v1/users/1/recommendations?n=-1", 422),
    get("/v1/users/1/recommendations?n=1001", 422),
    get("/v1/users/1/recommendations?n=99999999999999999999", 422),
    get("/v1/users/1/recommendations?n=ten", 400),
    get("/v1/users/1/recommendations?n=1e3", 400),
    get("/v1/users/1/recommendations?n=", 400),
    get("/v1/users/1/recommendations?n=%D9%A1", 400),
    get("/v1/users/1/recommendations?n=5&n=6", 400),
    get("/v1/users/1/recommendations?count=5", 400),
    get("/v1/users/1/recommendations?exclude_seen=perhaps", 400),
    get("/v1/users/1/recommendations?explain=-1", 422),
    get("/v1/users/1/recommendations?explain=101", 422),
    get("/v1/users/1/recommendations?explain=true", 400),
    get("/v1/users/nobody/recommendations?explain=1", 404),
    get("/v1/users/nobody/ratings", 404),
    get("/v1/users/1/ratings?n=0", 422),
    get("/v1/users/1/ratings?explain=1", 400),
    get("/v1/users/1/ratings", 405, method: "DELETE"),
    get("/v1/model?generation=1", 400),
    get("/v1/items/nothing", 404),
    get("/v1/items/101?n=1", 400),
    get("/v1/items/101/similar?exclude_seen=true", 400),
    get("/v1/items/nothing/similar", 404),
    get("/v1/items?n=9223372036854775807", 422),
    get("/v1/predictions", 400),
    get("/v1/predictions?user=1", 400),
    get("/v1/predictions?user=1&item=nothing", 404),
    get("/v1/predictions?user=nobody&item=101", 404),
    get("/healthz", 405, method: "DELETE"),
    get("/v1/items", 405, method: "PUT"),
    get("/v1/items", 405, method: "OPTIONS"),
    get("/v1/recommendations", 405),
    get("/invocations", 405),
    get("/v1/items", 405, method: "TRACE"),
    get("http://elsewhere.example/etc/passwd", 404),
    get("*", 404, method: "OPTIONS"),
  ]

  private static let bodies: [HostileRequest] = [
    post("", 400),
    post("{", 400),
    post("null", 400),
    post("[]", 400),
    post("\"ratings\"", 400),
    post("{}", 400),
    post(#"{"ratings":null}"#, 400),
    post(#"{"ratings":{}}"#, 400),
    post(#"{"ratings":[]}"#, 422),
    post(#"{"ratings":[1,2]}"#, 400),
    post(#"{"ratings":[{"item":"101"}]}"#, 400),
    post(#"{"ratings":[{"rating":5}]}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":"5"}]}"#, 400),
    post(#"{"ratings":[{"item":1.5,"rating":5}]}"#, 400),
    post(#"{"ratings":[{"item":true,"rating":5}]}"#, 400),
    post(#"{"ratings":[{"item":["101"],"rating":5}]}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":NaN}]}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":1e999}]}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":1e300}]}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5},{"item":101,"rating":4}]}"#, 422),
    post(#"{"ratings":[{"item":"nothing","rating":5}]}"#, 404),
    post(#"{"ratings":[{"item":"101","rating":5}],"n":0}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5}],"n":-5}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5}],"n":1000000}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5}],"n":1e30}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":5}],"n":"10"}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":5}],"exclude_seen":"yes"}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":5}],"explain":-1}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5}],"explain":1000000}"#, 422),
    post(#"{"ratings":[{"item":"101","rating":5}],"explain":1.5}"#, 400),
    post(#"{"ratings":[{"item":"101","rating":5}],"explain":true}"#, 400),
    post(#"{"user":"1","explain":101}"#, 422, to: "/invocations"),
    post(#"{"ratings":[{"item":"101","rating":5}]"#, 400),
    post(#"{"ratings":[{"item":"\uD800","rating":5}]}"#, 400),
    post([0xFF, 0xFE, 0x00, 0x7B], 400),
    post([UInt8](repeating: 0, count: 1000), 400),
    post(String(repeating: "[", count: 9000), 400),
    post(String(repeating: "{\"ratings\":", count: 800), 400),
    post(String(repeating: " ", count: 10_001), 413),
    post(String(repeating: "x", count: 3_000_000), 413),
    post(#"{"instances":7}"#, 400, to: "/invocations"),
    post(#"{"instances":[{}]}"#, 400, to: "/invocations"),
    post(#"{"instances":[{"instances":[]}]}"#, 400, to: "/invocations"),
    post(
      String(repeating: #"{"instances":["#, count: 250) + String(repeating: "]}", count: 250), 400, to: "/invocations"),
    post(#"{"user":{"id":1}}"#, 400, to: "/invocations"),
    post(#"{"ratings":[{"item":"101","rating":5}]}"#, 400, to: "/v1/recommendations?n=5"),
  ]

  private static let messages: [HostileRequest] = [
    Self(
      "bytes that are no UTF-8", Array("GET /v1/users/".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\n\r\n".utf8), [400]),
    raw("CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", [400, 404, 405]),
    raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    raw("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    raw("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    raw("\u{16}\u{3}\u{1}\u{2}\u{0}hello over TLS\r\n\r\n"),
    raw("NONSENSE\r\n\r\n"),
    raw("GET /healthz HTTP/9.9\r\n\r\n", [400, 505]),
    raw("GET /healthz HTTP/1.1\r\nno colon here\r\n\r\n"),
    raw("GET /healthz HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 200_000))\r\n\r\n", [400, 431]),
    raw(
      "GET /healthz HTTP/1.1\r\n\((0..<5000).map { "X\($0): y\r\n" }.joined())\r\n", [400, 431]),
    raw("GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\nHost: x\r\n\r\n", [400, 404, 414, 431]),
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n{}"),
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}"),
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n{}", [413]),
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    raw(
      "POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", [400]),
    // Slow: the rest never comes.
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"ratings\":", [408]),
    raw("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", [408]),
  ]
}
