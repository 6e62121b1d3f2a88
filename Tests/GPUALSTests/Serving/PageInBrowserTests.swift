import SampleRatings
import Testing

@Suite(.serialized, .enabled(if: BrowserDriver.isThere, "\(BrowserDriver.absence)"))
struct `The page in a browser` {
  private static let markup = #"<b onclick="1">Bold</b> <script>document.title = "Jazz"</script> & Sons"#

  /// A model of artists whose names tell their genre; the name of a jazz artist that many have rated is markup.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    func run(_ arguments: [String]) throws {
      let outcome = try GPUALSProgram.run(arguments, in: workspace)
      guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    }
    try run(["generate", "--preset", "tiny", "--ratings", "60000", "--output", "sample", "--quiet"])
    var counts: [Substring: Int] = [:]
    for row in try workspace.read("sample/ratings.tsv").split(separator: "\n") {
      counts[row.split(separator: "\t")[1], default: 0] += 1
    }
    var names = try workspace.read("sample/artists.tsv").split(separator: "\n")
      .map { $0.split(separator: "\t", maxSplits: 1) }
    let jazz = names.indices.filter { SampleGenre.genre(ofName: String(names[$0][1])) == .jazz }
    let chosen = try #require(jazz.max { counts[names[$0][0], default: 0] < counts[names[$1][0], default: 0] })
    names[chosen][1] = markup[...]
    try workspace.write(names.map { "\($0[0])\t\($0[1])\n" }.joined(), to: "names.tsv")
    try run([
      "train", "sample/ratings.tsv", "--dataset", "yahoo-r1", "--item-names", "names.tsv", "--encoding", "utf-8",
      "--model", "model", "--device", "reference", "--rank", "12", "--quiet",
    ])
    return workspace
  }

  @Test(arguments: Browser.Screen.allCases)
  func `three jazz artists, rated by keyboard, bring jazz, and the reasons`(_ screen: Browser.Screen) throws {
    let service = try ServeProgram(in: Self.workspace())
    let address = "http://127.0.0.1:\(service.port)/"
    let browser = try Browser(screen)
    try browser.open(address)
    try browser.wait(for: "document.querySelectorAll('#list > li').length === 12")
    #expect(try browser.texts("#list-heading") == ["A place to start"])

    // A slash leads to the search; what is chosen has the focus in its stars, and Enter leads back.
    try browser.type("/")
    try choose("<script>", among: 1, in: browser)
    try browser.press(.right, .right, .right, .right, .enter)
    for place in 1...2 {
      #expect(try browser.value("document.activeElement.id") == .text("search"))
      try choose("jazz", among: 3, down: place, in: browser)
      if place == 1 { try browser.type("5") } else { try browser.press(.left) }
      try browser.press(.enter)
    }
    try browser.wait(
      for: "location.hash.split(':5').length === 4 && document.querySelector('#list').dataset.answers === location.hash"
    )

    let rated = try browser.texts("#rated > li > .title")
    #expect(rated.count == 3 && rated.last == Self.markup)
    #expect(try browser.texts("#list-heading") == ["For you"])
    let names = try browser.texts("#list > li > .line > .title")
    #expect(names.count == 12 && Set(names).isDisjoint(with: rated))
    let jazz = names.filter { SampleGenre.genre(ofName: $0) == .jazz }
    #expect(jazz.count > 6, "\(names)")
    let reasons = try browser.texts("#list > li .reason")
    #expect(reasons.count == 12)
    for reason in reasons {
      #expect(reason.hasPrefix("because you rated ") && rated.contains { reason.contains($0) }, "\(reason)")
    }
    #expect(try browser.value("document.querySelector('main script, main b[onclick]')") == .null)
    #expect(try browser.value("document.title") == .text("gpuals"))
    try expectNoSidewaysScroll(browser)

    // Similar ones on demand.
    try browser.value("document.querySelector('#list button[aria-expanded]').focus()")
    try browser.press(.enter)
    try browser.wait(for: "document.querySelectorAll('#list .similar li').length === 6")
    try expectNoSidewaysScroll(browser)

    // The address holds all of it.
    let link = try #require(try browser.value("location.href").text)
    try browser.open(link)
    try browser.wait(for: "document.querySelector('#list').dataset.answers === location.hash")
    #expect(try browser.texts("#rated > li > .title") == rated)
    #expect(try browser.value("document.querySelectorAll('#rated input[value=\"5\"]:checked').length") == .number(3))
    #expect(try browser.texts("#list > li > .line > .title") == names)
    #expect(try browser.console() == [])
  }

  @Test(arguments: Browser.Screen.allCases)
  func `a user's history stands beside what is recommended`(_ screen: Browser.Screen) throws {
    let service = try ServeProgram(in: Self.workspace())
    let browser = try Browser(screen)
    try browser.open("http://127.0.0.1:\(service.port)/#user=7")
    try browser.wait(for: "document.querySelectorAll('#user-list > li .reason').length === 12")
    func titles(_ list: JSONValue?) -> [String] { list?.elements.compactMap { ($0["name"] ?? $0["item"])?.text } ?? [] }
    let history = try service.get("/v1/users/7/ratings?n=12").json
    #expect(try browser.texts("#history > li > .line > .title") == titles(history["ratings"]))
    let list = try service.get("/v1/users/7/recommendations?n=12&explain=2").json["recommendations"]
    #expect(try browser.texts("#user-list > li > .line > .title") == titles(list))
    for (shown, entry) in zip(try browser.texts("#user-list > li .reason"), list?.elements ?? []) {
      for name in titles(entry["because"]) { #expect(shown.contains(name)) }
    }
    try expectNoSidewaysScroll(browser)
    #expect(try browser.console() == [])

    // Somebody whom the model does not know is told of in words; the console is told of the status.
    try browser.value("document.querySelector('#user-id').select()")
    try browser.value("document.querySelector('#user-id').focus()")
    try browser.type("<nobody>")
    try browser.press(.enter)
    try browser.wait(for: "document.querySelector('#user-error').textContent.includes('no user “<nobody>”')")
    #expect(try browser.value("document.querySelector('#user-lists').hidden") == .bool(true))
  }

  @Test func `a token is asked for, and a wrong one is refused in words`() throws {
    let workspace = try SampleWorkspace.trained()
    try workspace.write("s3cret-token", to: "token")
    let service = try ServeProgram(["--model", "model", "--token-file", "token"], in: workspace)
    let browser = try Browser(.desktop)
    let address = "http://127.0.0.1:\(service.port)/"
    try browser.open(address)
    try browser.wait(for: "document.activeElement.id === 'token'")
    try browser.type("wrong")
    try browser.press(.enter)
    try browser.wait(for: "document.querySelector('#token-error').textContent.includes('refused')")
    try browser.wait(for: "document.activeElement.id === 'token'")
    try browser.type("s3cret-token")
    try browser.press(.enter)
    // Items without names show their ids.
    try browser.wait(for: "document.querySelector('#list > li .title')?.textContent === '109'")
    // It is kept as long as the window is.
    try browser.open(address)
    try browser.wait(for: "document.querySelector('#list > li')")
    #expect(try browser.value("document.querySelector('#token-view').hidden") == .bool(true))
    #expect(try browser.value("localStorage.length") == .number(0))
  }

  /// Searches where the focus is, goes down a few lines, and takes what is there.
  private func choose(_ query: String, among count: Int, down: Int = 0, in browser: Browser) throws {
    try browser.type(query)
    try browser.wait(for: "document.querySelectorAll('#found li[id]').length >= \(count)")
    for _ in 0..<down { try browser.press(.down) }
    #expect(try browser.value("document.querySelectorAll('#found [aria-selected=true]').length") == .number(1))
    try browser.press(.enter)
    try browser.wait(for: "document.activeElement.type === 'radio' && document.querySelector('#found').hidden")
  }

  private func expectNoSidewaysScroll(_ browser: Browser) throws {
    let widths = try browser.value("[document.documentElement.scrollWidth, innerWidth]").elements.compactMap(\.number)
    #expect(widths.count == 2 && widths[0] <= widths[1], "\(widths)")
  }
}
