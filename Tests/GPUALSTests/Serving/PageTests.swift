import Testing

@Suite struct `The page` {
  private static let names = [
    "style.css", "main.js", "elements.js", "lists.js", "search.js", "service.js", "taste.js", "user.js",
  ]

  @Test func `comes with all that it loads, and lets nothing else in`() throws {
    let service = try ServeProgram(in: SampleWorkspace.trained())
    let page = try service.get("/")
    #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
    let policy = try #require(page.headers["content-security-policy"])
    #expect(policy.hasPrefix("default-src 'none';") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    var size = page.body.utf8.count
    var wanted = Set(page.body.matches(of: #/"page/([^"]+)"/#).map { String($0.1) })
    for name in Self.names {
      let file = try service.get("/page/\(name)")
      let type = name.hasSuffix(".css") ? "text/css" : "text/javascript"
      #expect(file.status == 200 && file.headers["content-type"] == "\(type); charset=utf-8", "\(name)")
      #expect(file.headers["x-content-type-options"] == "nosniff")
      for word in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("] {
        let isThere = file.body.contains(word)
        #expect(!isThere, "\(name) holds \(word)")
      }
      wanted.formUnion(file.body.matches(of: #/from "\./([^"]+)"/#).map { String($0.1) })
      size += file.body.utf8.count
    }
    #expect(wanted == Set(Self.names))
    #expect(size < 40 << 10)
    // What the policy would refuse: handlers and styles in the markup.
    #expect(!page.body.contains(" style=") && !page.body.contains(" onclick=") && !page.body.contains("<script>"))
  }

  @Test func `is sent again only once it has changed`() throws {
    let service = try ServeProgram(in: SampleWorkspace.trained())
    for target in ["/", "/page/main.js"] {
      let connection = try HTTPConnection(port: service.port)
      let first = try connection.ask("GET", target)
      let tag = try #require(first.headers["etag"])
      #expect(first.headers["cache-control"] == "no-cache")
      let second = try connection.ask("GET", target, headers: ["If-None-Match: \(tag)"])
      #expect(second.status == 304 && second.body.isEmpty && second.headers["etag"] == tag)
      #expect(try connection.ask("GET", target, headers: ["If-None-Match: \"0\""]).body == first.body)
      let head = try connection.ask("HEAD", target)
      #expect(head.status == 200 && head.headers["content-length"] == first.headers["content-length"])
    }
  }

  @Test func `needs no token, but what it asks for does`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("s3cret-token", to: "token")
    let service = try ServeProgram(["--model", "model", "--token-file", "token"], in: workspace)
    for target in ["/"] + Self.names.map({ "/page/\($0)" }) { #expect(try service.get(target).status == 200) }
    for target in ["/v1/model", "/v1/items/101", "/v1/users/1/ratings", "/page/nothing"] {
      #expect(try service.get(target).status == 401)
    }
    #expect(try service.get("/v1/model", headers: ["Authorization: Bearer s3cret-token"]).status == 200)
  }
}
